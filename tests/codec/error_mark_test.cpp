#include "codec/error_mark.h"

#include <gtest/gtest.h>

namespace ringmaker::codec {
namespace {

std::string mark(Format format, std::string_view sentence, Portion portion = {}) {
  std::string out;
  append_error_mark(format, sentence, portion, out);
  return out;
}

TEST(ErrorMark, IsOneRecordOfItsFormat) {
  constexpr std::string_view kSentence = "row 2: \"x\" is no number,\nsay";
  EXPECT_EQ(mark(Format::kCsv, kSentence), "\"error: row 2: \"\"x\"\" is no number, say\"\n");
  EXPECT_EQ(mark(Format::kJsonLines, kSentence),
            "{\"error\":\"row 2: \\\"x\\\" is no number,\\nsay\"}\n");
}

TEST(ErrorMark, HasItsPlaceAmongPredictions) {
  EXPECT_EQ(mark(Format::kJson, "a"), R"({"predictions":[{"error":"a"}]})");
  EXPECT_EQ(mark(Format::kJson, "a", {.last = false}), R"({"predictions":[{"error":"a"})");
  EXPECT_EQ(mark(Format::kJson, "a", {.first = false}), R"(,{"error":"a"}]})");
}

TEST(ErrorMark, FormatsOfNumbersAloneHaveNone) {
  EXPECT_FALSE(can_hold_error_marks(Format::kNpy));
  EXPECT_FALSE(can_hold_error_marks(Format::kRecordio));
}

}  // namespace
}  // namespace ringmaker::codec
