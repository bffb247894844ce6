// CsvColumns: which columns of a CSV payload are which features: the model's own in their order, or
// as a header says.
//
//   - A header names features in any order, each once; columns that are none are ignored.
//   - A column without a name counts as column_0, column_1, ... by its place, as in training.
//   - Names of places (f0, f1, ..., Column_0, Column_1, ... or 0, 1, ...), as libraries call those
//     without names, say where each column belongs, where the model has no names of its own.
//   - Any other header says nothing to such a model: columns are taken by position. So they are by
//     one that has names, where the header's are those of places in their order.
#pragma once

#include "codec/decode_error.h"
#include "codec/feature_index.h"
#include "data/schema.h"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ringmaker::codec {

/// Not thread-safe. `schema` must outlive it.
class CsvColumns {
 public:
  /// Neighbouring columns that are neighbouring features.
  struct Segment {
    size_t column = 0;
    size_t feature = 0;
    size_t count = 0;
  };

  explicit CsvColumns(const data::Schema& schema);

  /// There is no header.
  void expect_features() noexcept;
  /// A header has these names, without quotes. False: `error` says why columns cannot be told, and
  /// there is no order to go by.
  [[nodiscard]] bool learn(std::span<const std::string> names, DecodeError& error);

  [[nodiscard]] size_t count() const noexcept { return count_; }
  [[nodiscard]] std::span<const Segment> segments() const noexcept { return segments_; }
  /// The payload is as wide as the model and in its order.
  [[nodiscard]] bool are_features() const noexcept {
    return segments_.size() == 1 && segments_.front().count == count_;
  }
  /// Some are no features.
  [[nodiscard]] bool some_ignored() const noexcept { return ignored_; }
  /// The header names features, one at least.
  [[nodiscard]] bool names_features() const noexcept { return names_features_; }

  /// By its exact name.
  [[nodiscard]] std::optional<size_t> find(std::string_view name) const noexcept {
    return features_.find(name);
  }
  /// The feature that a cell of the header names; an empty one has the name that training gave it.
  [[nodiscard]] std::optional<size_t> feature_of(std::string_view name, size_t column) const;

 private:
  bool learn_positions(DecodeError& error);
  [[nodiscard]] bool all_are_places(std::span<const std::string> names) const;
  void append(size_t column, size_t feature);

  const data::Schema& schema_;
  FeatureIndex features_;
  size_t count_ = 0;
  std::vector<Segment> segments_;
  std::vector<bool> seen_;  // features that the header names
  bool ignored_ = false;
  bool names_features_ = false;
};

}  // namespace ringmaker::codec
