#include "train/reader/row_chunker.h"

#include "tests/support/program.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ringmaker::train {
namespace {

using testing::ElementsAre;

std::vector<std::string> chunks(const std::string& text, size_t block_bytes,
                                size_t headroom_bytes = 1024) {
  const test::TemporaryDirectory directory;
  directory.write("a", text);
  auto source = TextSource::open(directory.path("a"),
                                 {.block_bytes = block_bytes, .headroom_bytes = headroom_bytes});
  EXPECT_TRUE(source);
  RowChunker chunker(std::move(*source));
  RowChunk chunk;
  std::vector<std::string> found;
  for (;;) {
    const auto more = chunker.next(chunk);
    EXPECT_TRUE(more);
    if (!more || !*more) {
      return found;
    }
    found.emplace_back(chunk.text);
  }
}

TEST(RowChunker, CutsBehindTheLastWholeRowOfABlock) {
  EXPECT_THAT(chunks("a,1\nb,2\nc,3\n", 6), ElementsAre("a,1\n", "b,2\nc,3\n"));
  EXPECT_THAT(chunks("a,1\nb,2\nc,3", 6), ElementsAre("a,1\n", "b,2\n", "c,3"));
}

TEST(RowChunker, ANewlineInQuotesIsNoCut) {
  EXPECT_THAT(chunks("\"a\nb\",1\n\"c\nd\",2\n", 11), ElementsAre("\"a\nb\",1\n", "\"c\nd\",2\n"));
  EXPECT_THAT(chunks("\"a\n\n\n\n\n\n\n\nb\",1\nc,2\n", 3),
              ElementsAre("\"a\n\n\n\n\n\n\n\nb\",1\n", "c,2\n"));
}

TEST(RowChunker, ARowLongerThanABlockOrTheHeadroomIsWhole) {
  const std::string row = std::string(100, 'x') + '\n';
  EXPECT_THAT(chunks(row + row, 7, 3), ElementsAre(row, row));
}

TEST(LastRowEnd, KnowsWhetherQuotesAreOpen) {
  bool quoted = false;
  EXPECT_EQ(last_row_end("a\n\"b\n", quoted), 2U);
  EXPECT_TRUE(quoted);
  EXPECT_EQ(last_row_end("c\nd\n", quoted), 0U);
  EXPECT_TRUE(quoted);
  EXPECT_EQ(last_row_end("e\",1\nf", quoted), 5U);
  EXPECT_FALSE(quoted);
}

}  // namespace
}  // namespace ringmaker::train
