#include "train/reader/text_source.h"

#include "tests/support/coded.h"
#include "tests/support/program.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

namespace ringmaker::train {
namespace {

using testing::HasSubstr;

std::string gzip(const std::string& text) { return test::coded(wire::Coding::kGzip, text); }

class TextSourceTest : public testing::Test {
 protected:
  /// The whole text, or the error.
  base::Result<std::string> read(const std::string& bytes, size_t block_bytes) {
    directory_.write("a", bytes);
    RM_ASSIGN(TextSource source,
              TextSource::open(directory_.path("a"), {.block_bytes = block_bytes}));
    std::string text;
    for (;;) {
      RM_ASSIGN(io::FileBlock block, source.take());
      if (block.size == 0) {
        return text;
      }
      EXPECT_LE(block.size, block_bytes);
      text.append(block.data(), block.size);
      source.give_back(std::move(block));
    }
  }
  test::TemporaryDirectory directory_;
};

std::string some_text() {
  std::string text;
  for (int i = 0; i < 3000; ++i) {
    text += std::to_string(i * i) + "\n";
  }
  return text;
}

TEST_F(TextSourceTest, PlainAndGzipReadTheSame) {
  const std::string text = some_text();
  for (const size_t block : {5, 100, 1 << 20}) {
    EXPECT_EQ(*read(text, block), text);
    EXPECT_EQ(*read(gzip(text), block), text);
    EXPECT_EQ(*read(gzip(text) + gzip("more\n"), block), text + "more\n") << "two members";
  }
  EXPECT_EQ(*read("", 100), "");
  EXPECT_EQ(*read("x", 100), "x");
}

TEST_F(TextSourceTest, DamagedGzipIsSaidToBeSo) {
  const std::string whole = gzip(some_text());
  for (const size_t kept : {size_t{3}, size_t{20}, whole.size() / 2, whole.size() - 1}) {
    const auto text = read(whole.substr(0, kept), 4096);
    ASSERT_FALSE(text) << kept;
    EXPECT_EQ(text.error().code(), base::ErrorCode::kCorrupt);
    EXPECT_THAT(text.error().message(), HasSubstr("its gzip stream ends too early"));
  }
  std::string flipped = whole;
  flipped[whole.size() / 2] ^= 0x40;
  EXPECT_FALSE(read(flipped, 4096));
}

TEST_F(TextSourceTest, TextBeforeADamagedPlaceComesFirst) {
  const std::string whole = gzip("1,2\n");
  for (const size_t block : {2, 4, 100}) {
    directory_.write("a", whole.substr(0, whole.size() - 1));
    auto source = TextSource::open(directory_.path("a"), {.block_bytes = block});
    ASSERT_TRUE(source);
    std::string text;
    base::Result<io::FileBlock> taken = source->take();
    for (; taken && taken->size > 0; taken = source->take()) {
      text.append(taken->data(), taken->size);
      source->give_back(std::move(*taken));
    }
    EXPECT_EQ(text, "1,2\n") << block;
    EXPECT_FALSE(taken) << block;
    EXPECT_FALSE(source->take()) << "it stays so";
  }
}

TEST_F(TextSourceTest, OnlyRegularFilesAreOpened) {
  ASSERT_EQ(::mkfifo(directory_.path("pipe").c_str(), 0600), 0);
  const auto pipe = TextSource::open(directory_.path("pipe"));
  ASSERT_FALSE(pipe);
  EXPECT_THAT(pipe.error().message(), HasSubstr("is a pipe; a regular file is needed"));
  EXPECT_FALSE(TextSource::open(directory_.path()));
  EXPECT_FALSE(TextSource::open("/dev/zero"));
  EXPECT_FALSE(TextSource::open(directory_.path("nothing")));
}

}  // namespace
}  // namespace ringmaker::train
