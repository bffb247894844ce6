#include "io/file_stream.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

namespace ringmaker::io {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class FileStreamTest : public testing::Test {
 public:
  FileStreamTest() {
    std::string pattern = testing::TempDir() + "file_stream_XXXXXX";
    directory_ = ::mkdtemp(pattern.data());
  }
  ~FileStreamTest() override { std::filesystem::remove_all(directory_); }

 protected:
  std::string write(const std::string& bytes) const {
    std::ofstream(path(), std::ios::binary) << bytes;
    return path();
  }
  std::string path() const { return directory_ + "/input"; }

  static std::vector<std::string> blocks(FileStream& stream) {
    std::vector<std::string> blocks;
    for (;;) {
      const auto block = stream.next();
      EXPECT_TRUE(block) << block.error().message();
      if (!block || block->empty()) {
        return blocks;
      }
      blocks.emplace_back(block->data(), block->size());
    }
  }

  std::string directory_;
};

TEST_F(FileStreamTest, AllBlocksButTheLastAreFull) {
  auto stream = FileStream::open(write("abcdefgh"), {.block_bytes = 3, .block_count = 2});
  ASSERT_TRUE(stream);
  EXPECT_THAT(blocks(*stream), ElementsAre("abc", "def", "gh"));
}

TEST_F(FileStreamTest, AFileOfWholeBlocksEndsWithoutAnEmptyBlockBetween) {
  auto stream = FileStream::open(write("abcdef"), {.block_bytes = 3, .block_count = 2});
  ASSERT_TRUE(stream);
  EXPECT_THAT(blocks(*stream), ElementsAre("abc", "def"));
  EXPECT_TRUE(stream->next()->empty()) << "the end stays the end";
}

TEST_F(FileStreamTest, AnEmptyFileHasNoBlocks) {
  auto stream = FileStream::open(write(""));
  ASSERT_TRUE(stream);
  EXPECT_TRUE(blocks(*stream).empty());
}

TEST_F(FileStreamTest, ManyMoreBlocksThanTheRingHoldsArriveInOrder) {
  std::string text;
  for (int i = 0; i < 20'000; ++i) {
    text += std::to_string(i) + ",";
  }
  auto stream = FileStream::open(write(text), {.block_bytes = 101, .block_count = 3});
  ASSERT_TRUE(stream);
  std::string joined;
  for (const std::string& block : blocks(*stream)) {
    joined += block;
  }
  EXPECT_EQ(joined, text);
}

TEST_F(FileStreamTest, ABlockStaysUnchangedUntilTheNextCall) {
  auto stream =
      FileStream::open(write(std::string(100, 'a') + std::string(100, 'b') + std::string(500, 'c')),
                       {.block_bytes = 100, .block_count = 2});
  ASSERT_TRUE(stream);
  const auto first = stream->next();
  const std::string copy(first->data(), first->size());
  std::this_thread::yield();
  EXPECT_EQ(std::string(first->data(), first->size()), copy);
  const auto second = stream->next();
  EXPECT_EQ(std::string(second->data(), second->size()), std::string(100, 'b'));
}

TEST_F(FileStreamTest, APipeWhoseWriterComesLaterIsReadToItsEnd) {
  ASSERT_EQ(::mkfifo(path().c_str(), 0600), 0);
  auto stream = FileStream::open(path(), {.block_bytes = 4, .block_count = 2});
  ASSERT_TRUE(stream);
  std::thread writer([this] {
    std::ofstream pipe(path());
    for (const char* piece : {"on", "e,tw", "o,three"}) {
      pipe << piece << std::flush;
    }
  });
  EXPECT_THAT(blocks(*stream), ElementsAre("one,", "two,", "thre", "e"));
  writer.join();
}

TEST_F(FileStreamTest, APipeNobodyWritesToCanBeGivenUp) {
  ASSERT_EQ(::mkfifo(path().c_str(), 0600), 0);
  const auto stream = FileStream::open(path());
  ASSERT_TRUE(stream);
}

TEST_F(FileStreamTest, AStreamCanBeGivenUpWithBlocksUnread) {
  auto stream = FileStream::open(write(std::string(1000, 'x')), {.block_bytes = 7});
  ASSERT_TRUE(stream);
  ASSERT_TRUE(stream->next());
}

TEST_F(FileStreamTest, BlocksCanBeHeldBesideEachOtherAndGivenBackInAnyOrder) {
  auto stream = FileStream::open(write("aabbccdd"), {.block_bytes = 2, .block_count = 3});
  ASSERT_TRUE(stream);
  auto first = stream->take();
  auto second = stream->take();
  auto third = stream->take();
  ASSERT_TRUE(first && second && third);
  EXPECT_EQ(std::string(first->data(), first->size), "aa");
  EXPECT_EQ(std::string(second->data(), second->size), "bb");
  EXPECT_EQ(std::string(third->data(), third->size), "cc");
  stream->give_back(std::move(*second));
  stream->give_back(std::move(*first));
  const auto fourth = stream->take();
  ASSERT_TRUE(fourth);
  EXPECT_EQ(std::string(fourth->data(), fourth->size), "dd");
  EXPECT_EQ(stream->take()->size, 0U);
}

TEST_F(FileStreamTest, TheHeadroomOfABlockIsTheConsumers) {
  auto stream = FileStream::open(write("abcd"), {.block_bytes = 2, .headroom_bytes = 3});
  ASSERT_TRUE(stream);
  const auto block = stream->take();
  ASSERT_TRUE(block);
  std::copy_n("xyz", 3, block->data() - 3);
  EXPECT_EQ(std::string(block->data() - 3, 5), "xyzab");
}

TEST_F(FileStreamTest, APipeIsRefusedWhereAFileIsNeeded) {
  ASSERT_EQ(::mkfifo(path().c_str(), 0600), 0);
  const auto pipe = FileStream::open(path(), {.accept_pipe = false});
  ASSERT_FALSE(pipe);
  EXPECT_THAT(pipe.error().message(), HasSubstr("is a pipe; a regular file is needed"));
}

TEST_F(FileStreamTest, WhatCannotBeReadIsNamed) {
  const auto missing = FileStream::open(directory_ + "/nothing");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code(), base::ErrorCode::kNotFound);
  EXPECT_THAT(missing.error().message(), HasSubstr(directory_ + "/nothing"));
  const auto directory = FileStream::open(directory_);
  ASSERT_FALSE(directory);
  EXPECT_EQ(directory.error().code(), base::ErrorCode::kInvalidInput);
  const auto device = FileStream::open("/dev/zero");
  ASSERT_FALSE(device);
  EXPECT_THAT(device.error().message(), HasSubstr("neither a regular file nor a pipe"));
}

}  // namespace
}  // namespace ringmaker::io
