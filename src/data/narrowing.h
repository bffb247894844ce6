// Narrowing: from a double to the float32 of a row, for models that ask in double.
//
// Rows are float32. A model that compares doubles would lose what rounding takes: whether a value
// is above or below a threshold that rounds to the same float. A Narrowing knows all the cuts a
// model makes through a feature ("x >= cut?") and gives each one a float32 of its own, so that
//
//   x >= cut   exactly where   narrow(x) >= narrowed cut
//
// and narrow(x) is x rounded, or a neighbour of that where only a neighbour keeps the order. Few
// values are near a cut: suspect() finds by their rounded float alone, with a look into one table,
// which must be read again as a double.
#pragma once

#include "base/result.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace ringmaker::data {

/// Immutable once made. Empty: rows are plain rounded values.
class Narrowing {
 public:
  /// What a model asks of one feature.
  struct Questions {
    std::vector<double> cuts;  // in any order, equal ones allowed; none is NaN
    bool truncated = false;    // its value is truncated to a category's code
  };

  Narrowing() = default;
  /// Values not farther than `zero_reach` from 0 become 0; 0 for a model that has no such rule.
  /// kInvalidInput where a feature has several cuts beyond the largest float32.
  [[nodiscard]] static base::Result<Narrowing> make(const std::vector<Questions>& questions,
                                                    double zero_reach);

  [[nodiscard]] bool empty() const noexcept { return features_.empty(); }
  /// Whether a value that rounds to `nearest` may have to be narrowed to something else.
  [[nodiscard]] bool suspect(size_t feature, float nearest) const noexcept;
  [[nodiscard]] float narrow(size_t feature, double value) const noexcept;
  /// The float32 that stands for one of the feature's cuts.
  [[nodiscard]] float narrowed_cut(size_t feature, double cut) const noexcept;

  bool operator==(const Narrowing&) const = default;

 private:
  struct Feature {
    uint32_t begin = 0;  // its cuts, ascending
    uint32_t end = 0;
    bool truncated = false;
    bool operator==(const Feature&) const = default;
  };

  [[nodiscard]] base::Result<void> add_feature(const Questions& questions);
  void mark(size_t feature, float nearest) noexcept;
  [[nodiscard]] size_t slot(size_t feature, float nearest) const noexcept;

  double zero_reach_ = 0;
  std::vector<Feature> features_;
  std::vector<double> cuts_;
  std::vector<float> floats_;     // one a cut, ascending within a feature
  std::vector<uint64_t> marked_;  // bits by hash: floats that a cut is near to
  uint32_t shift_ = 63;
};

}  // namespace ringmaker::data
