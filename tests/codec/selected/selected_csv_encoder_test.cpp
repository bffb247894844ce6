// Selected outputs as lines of CSV.
#include "codec/selected/selected_csv_encoder.h"

#include "tests/codec/selected/selected_rows.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ringmaker::codec {
namespace {

TEST(SelectedCsvEncoder, ListsAreOneQuotedFieldOfCsv) {
  EXPECT_EQ(encoded(Format::kCsv, kBinary, "predicted_label,probabilities", kTwoBinary),
            "1,\"[0.25, 0.75]\"\n0,\"[0.75, 0.25]\"\n");
  EXPECT_EQ(encoded(Format::kCsv, kThree, "labels,predicted_label", {{0.1F, 0.2F, 0.7F}, {}}),
            R"("[""a"", ""b,c"", ""d\""e""]","d""e")"
            "\n");
}

TEST(SelectedCsvEncoder, ARowIsOneLineWhateverTheNameOfItsClass) {
  const data::OutputSchema broken{.task = data::Task::kBinary,
                                  .class_names = {"two\nlines", "a \"\r\n"},
                                  .numeric_classes = false};
  EXPECT_EQ(encoded(Format::kCsv, broken, "predicted_label", {{0.25F, 0.75F}, {}}),
            R"("two\nlines")"
            "\n"
            R"("a ""\r\n")"
            "\n");
}

TEST(SelectedCsvEncoder, ALineBreakAndItsLettersStayDifferentNames) {
  const auto label_of = [](const std::string& first, const std::string& second, float score) {
    const data::OutputSchema named{
        .task = data::Task::kBinary, .class_names = {first, second}, .numeric_classes = false};
    return encoded(Format::kCsv, named, "predicted_label", {{score}, {}});
  };
  EXPECT_EQ(label_of("a\nb", R"(a\nb)", 0.25F), "\"a\\nb\"\n");
  EXPECT_EQ(label_of("a\nb", R"(a\nb)", 0.75F), "a\\\\nb\n");
  EXPECT_EQ(label_of("a", R"(a\nb)", 0.75F), "a\\nb\n")
      << "without a line break all stays as it is";
}

}  // namespace
}  // namespace ringmaker::codec
