#include "codec/line_splitter.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace ringmaker::codec {
namespace {

using Found = LineSplitter::Found;
using Lines = std::vector<std::pair<std::string, uint64_t>>;

/// The lines of `text`, given in two pieces of which nothing stays, each put back once in a while.
Lines split(std::string_view text, size_t cut, bool put_back) {
  LineSplitter lines(100);
  Lines found;
  for (const bool last : {false, true}) {
    const std::string piece(last ? text.substr(cut) : text.substr(0, cut));
    size_t at = 0;
    while (lines.next(piece, last, at) == Found::kLine) {
      if (put_back) {
        lines.put_back();
        const std::string other(piece.size(), '!');
        EXPECT_EQ(lines.next(other, last, at), Found::kLine);
      }
      found.emplace_back(lines.line(), lines.line_byte());
    }
    EXPECT_EQ(at, piece.size());
  }
  return found;
}

TEST(LineSplitter, EveryCutGivesTheSameLines) {
  const std::string text = "ab\n\nc\r\nlast";
  const Lines expected = {{"ab", 0}, {"", 3}, {"c\r", 4}, {"last", 7}};
  for (size_t cut = 0; cut <= text.size(); ++cut) {
    EXPECT_EQ(split(text, cut, false), expected) << cut;
    EXPECT_EQ(split(text, cut, true), expected) << cut;
  }
}

TEST(LineSplitter, ANewlineAtTheEndBeginsNoLine) {
  EXPECT_EQ(split("a\n", 2, false), (Lines{{"a", 0}}));
  EXPECT_EQ(split("", 0, false), Lines{});
}

TEST(LineSplitter, AByteOrderMarkIsNotPartOfTheText) {
  const std::string text = "\xEF\xBB\xBFx\ny";
  for (size_t cut = 0; cut <= text.size(); ++cut) {
    EXPECT_EQ(split(text, cut, true), (Lines{{"x", 3}, {"y", 5}})) << cut;
  }
}

TEST(LineSplitter, ALineTooLongIsToldWithItsPlace) {
  for (const size_t cut : {size_t{0}, size_t{5}, size_t{60}}) {
    LineSplitter lines(10);
    const std::string text = "abc\n" + std::string(50, 'x') + "\nend";
    size_t at = 0;
    Found found = lines.next(text.substr(0, cut), false, at);
    if (found == Found::kLine) {
      found = lines.next(text.substr(0, cut), false, at);
    }
    if (found == Found::kNothing) {
      at = 0;
      found = lines.next(text.substr(cut), true, at);
    }
    if (found == Found::kLine) {
      found = lines.next(text.substr(cut), true, at);
    }
    EXPECT_EQ(found, Found::kTooLong) << cut;
    EXPECT_EQ(lines.line_byte(), 4U) << cut;
  }
}

}  // namespace
}  // namespace ringmaker::codec
