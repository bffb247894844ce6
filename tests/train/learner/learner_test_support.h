// Small data sets and an observer that remembers, for the tests of learners.
#pragma once

#include "base/random.h"
#include "train/learner/learner.h"

#include <fmt/core.h>

#include <limits>
#include <map>
#include <string>
#include <vector>

namespace ringmaker::train {

class RememberingObserver final : public TrainingObserver {
 public:
  explicit RememberingObserver(uint32_t stop_after = UINT32_MAX) : stop_after_(stop_after) {}
  void on_round(uint32_t round, std::span<const RoundScore> scores) override {
    ++rounds;
    last_round = round;
    for (const RoundScore& score : scores) {
      train[std::string(score.name)] = score.train;
      validation[std::string(score.name)] =
          score.validation.value_or(std::numeric_limits<double>::quiet_NaN());
    }
  }
  void on_best(uint32_t round) override {
    best_round = round;
    best_train = train;
  }
  void on_note(std::string_view sentence) override { notes.emplace_back(sentence); }
  [[nodiscard]] bool stop_requested() const noexcept override { return rounds >= stop_after_; }

  uint32_t rounds = 0;
  uint32_t last_round = 0;
  uint32_t best_round = 0;
  std::map<std::string, double> train;
  std::map<std::string, double> best_train;
  std::map<std::string, double> validation;
  std::vector<std::string> notes;

 private:
  uint32_t stop_after_;
};

/// `rows` of values of quite different scales; labels are to be filled in.
inline Dataset random_rows(size_t rows, size_t columns, uint64_t seed) {
  base::Random random(seed);
  Dataset dataset{data::DenseBlock(columns, rows), {}, {}, {}, {}};
  dataset.features.resize(rows);
  for (size_t i = 0; i < rows; ++i) {
    for (size_t j = 0; j < columns; ++j) {
      const double scale = j % 3 == 0 ? 1 : j % 3 == 1 ? 100 : 0.01;
      dataset.features.span().row(i)[j] =
          static_cast<float>(scale * (random.uniform() * 2 - 1 + static_cast<double>(j)));
    }
  }
  for (size_t j = 0; j < columns; ++j) {
    dataset.schema.feature_names.push_back(fmt::format("x{}", j));
  }
  return dataset;
}

}  // namespace ringmaker::train
