#include "train/objective/exact_scores.h"

#include "base/random.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace ringmaker::train {
namespace {

/// Random rows, whose memory ends where the last row does.
struct Scored {
  Scored(size_t row_count, size_t features, size_t outputs)
      : rows(row_count * features),
        bias(outputs),
        weights(outputs * padded_to_exact_lanes(features)),
        task{.rows = rows.data(),
             .row_count = row_count,
             .features = features,
             .weights = weights.data(),
             .bias = bias.data(),
             .outputs = outputs,
             .stride = padded_to_exact_lanes(features)} {
    base::Random random(3);
    for (float& value : rows) {
      value = static_cast<float>(random.uniform() * 4 - 2);
    }
    for (size_t k = 0; k < outputs; ++k) {
      bias[k] = random.uniform();
      for (size_t j = 0; j < features; ++j) {
        weights[k * task.stride + j] = random.uniform() - 0.5;
      }
    }
  }

  [[nodiscard]] std::vector<double> by(ExactScores scores) const {
    std::vector<double> raw(task.row_count * task.outputs);
    scores(task, raw.data());
    return raw;
  }

  std::vector<float> rows;
  std::vector<double> bias;
  std::vector<double> weights;
  ExactScoresTask task;
};

TEST(ExactScores, AreSumsInDoubleForEveryWidth) {
  for (size_t features = 1; features < 70; ++features) {
    const Scored scored(5, features, 2);
    const std::vector<double> raw = scored.by(exact_scores(base::InstructionSet::kPortable));
    for (size_t i = 0; i < 5; ++i) {
      for (size_t k = 0; k < 2; ++k) {
        double expected = scored.bias[k];
        for (size_t j = 0; j < features; ++j) {
          expected += scored.weights[k * scored.task.stride + j] *
                      static_cast<double>(scored.rows[i * features + j]);
        }
        EXPECT_NEAR(raw[i * 2 + k], expected, 1e-13) << features << " features, row " << i;
      }
    }
  }
}

TEST(ExactScores, EverySetGivesTheBitsOfItsScalarTwin) {
  for (const base::InstructionSet set :
       {base::InstructionSet::kNeon, base::InstructionSet::kAvx2, base::InstructionSet::kAvx512}) {
    if (set > base::detect_instruction_set()) {
      continue;
    }
    for (const size_t features : {1, 7, 15, 16, 17, 31, 32, 33, 100}) {
      const Scored scored(37, features, 3);
      EXPECT_EQ(scored.by(exact_scores(set)),
                scored.by(exact_scores(base::InstructionSet::kPortable)))
          << base::name(set) << ", " << features << " features";
    }
  }
}

TEST(ExactScores, WhatLargeWeightsLeaveIsNoRounding) {
  const std::vector<float> row{0.3F, 0.3001F};
  std::vector<double> weights(kExactLanes);
  weights[0] = -1e6 / 3;
  weights[1] = 1e6 / 3;
  const double bias = 0.5;
  double raw = 0;
  exact_scores(base::detect_instruction_set())({.rows = row.data(),
                                                .row_count = 1,
                                                .features = 2,
                                                .weights = weights.data(),
                                                .bias = &bias,
                                                .outputs = 1,
                                                .stride = kExactLanes},
                                               &raw);
  const double difference = static_cast<double>(row[1]) - static_cast<double>(row[0]);
  EXPECT_NEAR(raw, 0.5 + difference * 1e6 / 3, 1e-9);
}

}  // namespace
}  // namespace ringmaker::train
