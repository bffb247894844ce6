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
  // Wider than scores may be.
  kMargins,  // one a class of scores that are indices of classes; apart from scores, those before
  // Margins as above, and behind them in the row what explains them, as float32.
  kLeaves,
  kContributions,
  kContributionsAndLeaves,
};
inline constexpr size_t kValuesKinds = 6;

[[nodiscard]] constexpr bool has_contributions(Values values) noexcept {
  return values == Values::kContributions || values == Values::kContributionsAndLeaves;
}
[[nodiscard]] constexpr bool has_leaves(Values values) noexcept {
  return values == Values::kLeaves || values == Values::kContributionsAndLeaves;
}
[[nodiscard]] constexpr bool explains(Values values) noexcept {
  return has_contributions(values) || has_leaves(values);
}
[[nodiscard]] constexpr bool are_wide(Values values) noexcept {
  return values == Values::kMargins || explains(values);
}
/// What answers need that hold such things beside their scores.
[[nodiscard]] constexpr Values values_for(const data::OutputSchema& output, bool raw,
                                          bool contributions, bool leaves) noexcept {
  if (contributions) {
    return leaves ? Values::kContributionsAndLeaves : Values::kContributions;
  }
  return leaves                                         ? Values::kLeaves
         : !raw                                         ? Values::kScores
         : output.class_margins || output.margins_apart ? Values::kMargins
                                                        : Values::kRaw;
}

/// Of a row of them.
[[nodiscard]] size_t columns_of(const model::Predictor& predictor, Values values) noexcept;

/// Writes them for `rows`; out.columns is columns_of(). Only who explains, or has margins apart
/// from scores, allocates.
void predict(const model::Predictor& predictor, Values values, data::DenseView rows,
             data::DenseSpan out) noexcept;

/// Rows of wide values, each part by itself. Not thread-safe.
class ValueParts {
 public:
  /// Of `wide`, which predict() has written.
  void split(const model::Predictor& predictor, Values values, data::DenseView wide);

  // As long as nothing else is split.
  /// As they came, or made of the margins.
  [[nodiscard]] data::DenseView scores() const noexcept { return view(scores_); }
  [[nodiscard]] data::DenseView margins() const noexcept { return view(margins_); }
  [[nodiscard]] data::DenseView contributions() const noexcept { return view(contributions_); }
  [[nodiscard]] data::DenseView leaves() const noexcept { return view(leaves_); }

 private:
  struct Part {
    std::vector<float> values;
    size_t columns = 0;
  };
  void take(data::DenseView wide, size_t first, size_t columns, Part& part);
  [[nodiscard]] data::DenseView view(const Part& part) const noexcept {
    return {part.values.data(), rows_, part.columns};
  }

  size_t rows_ = 0;
  Part scores_;
  Part margins_;
  Part contributions_;
  Part leaves_;
};

}  // namespace ringmaker::batch
