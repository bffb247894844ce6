// FeatureIndex: from a feature's name to its place in the model's rows.
#pragma once

#include "data/schema.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace ringmaker::codec {

/// Immutable. `schema` must outlive it.
class FeatureIndex {
 public:
  explicit FeatureIndex(const data::Schema& schema);

  /// By its exact name; but of a schema with blanks_as_underscores a blank of `name` is one.
  [[nodiscard]] std::optional<size_t> find(std::string_view name) const noexcept;

 private:
  /// The feature whose name has underscores where `name` has blanks.
  [[nodiscard]] std::optional<size_t> find_blanks(std::string_view name) const noexcept;

  const data::Schema& schema_;
  std::vector<uint32_t> by_name_;  // features, sorted by name
};

}  // namespace ringmaker::codec
