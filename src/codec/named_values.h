// Whether the values of a row are answered each by its name, and not as a list called "score".
#pragma once

#include "data/schema.h"

#include <string_view>

namespace ringmaker::codec {

/// So does SageMaker's K-means, of whose values each is a thing of its own: closest_cluster and
/// distance_to_cluster. Several values of one kind, as of a regression, are a list.
[[nodiscard]] inline bool answers_by_name(const data::OutputSchema& output) noexcept {
  constexpr std::string_view kFirst = "closest_cluster";
  return !output.value_names.empty() && output.value_names.front() == kFirst;
}

}  // namespace ringmaker::codec
