// Example rows: one row in each format that people write by hand, which the model takes.
//
// It is a real row of the training data where the model's file holds one. Otherwise, and where a
// value of that is missing, a number is 0, a text one that the model knows, so that an example says
// what stands where and is scored as it is.
#pragma once

#include "data/schema.h"

#include <span>
#include <string>

namespace ringmaker::serve {

/// 0,0,"red"
[[nodiscard]] std::string example_csv(const data::Schema& schema, std::span<const float> real = {});
/// [0,0,"red"]
[[nodiscard]] std::string example_json_row(const data::Schema& schema,
                                           std::span<const float> real = {});
/// {"instances":[[0,0,"red"]]}
[[nodiscard]] std::string example_instances(const data::Schema& schema,
                                            std::span<const float> real = {});
/// {"inputs":[...]}: one tensor of whole rows or, where some features are texts, one for each.
[[nodiscard]] std::string example_tensors(const data::Schema& schema,
                                          std::span<const float> real = {});

}  // namespace ringmaker::serve
