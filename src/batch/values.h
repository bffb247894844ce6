// Values: what the owner of rows is given for them.
#pragma once

#include "model/predictor.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace ringmaker::batch {

enum class Values : uint8_t {
  kScores,
  kRaw,  // the raw values that Predictor::link() turns into scores
  // Raw values, and behind them in the row what explains them, as float32.
  kLeaves,
  kContributions,
  kContributionsAndLeaves,
};
inline constexpr size_t kValuesKinds = 5;

[[nodiscard]] constexpr bool has_contributions(Values values) noexcept {
  return values == Values::kContributions || values == Values::kContributionsAndLeaves;
}
[[nodiscard]] constexpr bool has_leaves(Values values) noexcept {
  return values == Values::kLeaves || values == Values::kContributionsAndLeaves;
}
[[nodiscard]] constexpr bool explains(Values values) noexcept {
  return has_contributions(values) || has_leaves(values);
}
/// What explains an answer, where anything does.
[[nodiscard]] constexpr Values explaining(bool contributions, bool leaves) noexcept {
  return contributions ? (leaves ? Values::kContributionsAndLeaves : Values::kContributions)
                       : Values::kLeaves;
}

/// Of a row of them.
[[nodiscard]] size_t columns_of(const model::Predictor& predictor, Values values) noexcept;

/// Writes them for `rows`; out.columns is columns_of(). Only who explains allocates.
void predict(const model::Predictor& predictor, Values values, data::DenseView rows,
             data::DenseSpan out) noexcept;

/// Rows of values that explain, each part by itself. Not thread-safe.
class ValueParts {
 public:
  /// Of `explained`, which predict() has written.
  void split(const model::Predictor& predictor, Values values, data::DenseView explained);

  // As long as nothing else is split.
  [[nodiscard]] data::DenseView raw() const noexcept { return view(raw_); }
  [[nodiscard]] data::DenseView contributions() const noexcept { return view(contributions_); }
  [[nodiscard]] data::DenseView leaves() const noexcept { return view(leaves_); }

 private:
  struct Part {
    std::vector<float> values;
    size_t columns = 0;
  };
  void take(data::DenseView explained, size_t first, size_t columns, Part& part);
  [[nodiscard]] data::DenseView view(const Part& part) const noexcept {
    return {part.values.data(), rows_, part.columns};
  }

  size_t rows_ = 0;
  Part raw_;
  Part contributions_;
  Part leaves_;
};

}  // namespace ringmaker::batch
