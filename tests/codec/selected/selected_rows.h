// Models, rows and what an encoder of selected outputs makes of them.
#pragma once

#include "codec/selected/selected_encoder.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <vector>

namespace ringmaker::codec {

inline constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();

inline const data::OutputSchema kBinary{.task = data::Task::kBinary, .class_names = {"0", "1"}};
inline const data::OutputSchema kMargin{.task = data::Task::kBinary,
                                        .class_names = {"no", "yes"},
                                        .numeric_classes = false,
                                        .threshold = 0,
                                        .margin = true};
inline const data::OutputSchema kThree{
    .task = data::Task::kMulticlass, .class_names = {"a", "b,c", "d\"e"}, .numeric_classes = false};

struct Rows {
  std::vector<float> scores;
  std::vector<float> raw;
  std::vector<float> contributions = {};
  std::vector<float> leaves = {};
};

/// All rows in one portion; asserts that they are the same in portions of one.
inline std::string encoded(Format format, const data::OutputSchema& output, const char* outputs,
                           const Rows& rows) {
  const auto encoder =
      make_selected_encoder(format, output, OutputSelection::parse(outputs).value());
  const size_t columns = output.score_columns();
  const size_t margins = output.margin_columns();
  const size_t count = rows.scores.size() / columns;
  const size_t contributions = output.explanation.contributions();
  const size_t leaves = output.explanation.leaves;
  std::string whole;
  encoder->encode({rows.scores.data(), count, columns},
                  {.rows_total = count,
                   .raw = {rows.raw.data(), count, margins},
                   .contributions = {rows.contributions.data(), count, contributions},
                   .leaves = {rows.leaves.data(), count, leaves}},
                  whole);
  EXPECT_LE(whole.size(), encoder->bytes_max(count));

  // A row at a time it is the same.
  std::string parts;
  for (size_t i = 0; i < count; ++i) {
    encoder->encode(
        {rows.scores.data() + i * columns, 1, columns},
        {.first = i == 0,
         .last = i + 1 == count,
         .rows_total = count,
         .raw = {rows.raw.data() + i * margins, 1, margins},
         .contributions = {rows.contributions.data() + i * contributions, 1, contributions},
         .leaves = {rows.leaves.data() + i * leaves, 1, leaves}},
        parts);
  }
  EXPECT_EQ(parts, whole);
  return whole;
}

inline const Rows kTwoBinary{{0.75F, 0.25F}, {1.5F, -1.5F}};

}  // namespace ringmaker::codec
