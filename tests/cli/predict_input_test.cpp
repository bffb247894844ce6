#include "cli/predict_input.h"

#include "tests/support/coded.h"
#include "tests/support/program.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

namespace ringmaker::cli {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

/// All pieces of a file that holds `bytes`.
base::Result<std::vector<std::string>> pieces_of(std::string_view bytes, bool by_line) {
  const test::TemporaryDirectory directory;
  directory.write("rows.csv", std::string(bytes));
  RM_ASSIGN(PredictInput input, PredictInput::open(directory.path("rows.csv"), by_line));
  std::vector<std::string> pieces;
  while (true) {
    RM_ASSIGN(const std::string_view piece, input.next());
    if (piece.empty()) {
      return pieces;
    }
    pieces.emplace_back(piece);
  }
}

std::string joined(const std::vector<std::string>& pieces) {
  std::string text;
  for (const std::string& piece : pieces) {
    text += piece;
  }
  return text;
}

TEST(PredictInput, ALineIsARowBreaksWithinQuotesIncluded) {
  EXPECT_THAT(*pieces_of("1,2\n\"a\nb\",3\r\n4", true),
              ElementsAre("1,2\n", "\"a\nb\",3\r\n", "4\n"));
  EXPECT_THAT(*pieces_of("", true), ElementsAre());
}

TEST(PredictInput, CompressedFilesAreReadAsTheirText) {
  std::string text;
  for (int i = 0; i < 100'000; ++i) {
    text += std::to_string(i) + ",1\n";
  }
  EXPECT_EQ(joined(*pieces_of(text, false)), text);
  for (const wire::Coding coding : {wire::Coding::kGzip, wire::Coding::kZstd}) {
    const std::string coded = test::coded(coding, text);
    EXPECT_EQ(joined(*pieces_of(coded, false)), text);
    EXPECT_EQ(joined(*pieces_of(coded, true)), text);
    EXPECT_EQ(joined(*pieces_of(coded + coded, false)), text + text) << "one behind the other";
  }
}

TEST(PredictInput, ACompressedFileThatIsCutOrDamagedIsToldAsSuch) {
  const std::string coded = test::coded(wire::Coding::kGzip, std::string(100'000, '1'));
  EXPECT_THAT(pieces_of(coded.substr(0, coded.size() - 9), false).error().message(),
              HasSubstr("rows.csv is cut off"));
  std::string damaged = coded;
  damaged[damaged.size() - 6] ^= 1;
  const auto refused = pieces_of(damaged, false);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), base::ErrorCode::kCorrupt);
  EXPECT_THAT(refused.error().message(), HasSubstr("rows.csv is damaged: "));
}

TEST(PredictInput, ADirectoryIsNamed) {
  const test::TemporaryDirectory directory;
  const auto refused = PredictInput::open(directory.path(), false);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), base::ErrorCode::kInvalidInput);
  EXPECT_EQ(refused.error().message(),
            directory.path() + " is a directory; name the file whose rows are to be scored");
}

}  // namespace
}  // namespace ringmaker::cli
