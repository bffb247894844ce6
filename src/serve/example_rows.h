// Example rows: one row in each format that people write by hand, which the model takes.
//
// A number is 0, a text one that the model knows, so that an example says what stands where and is
// scored as it is.
#pragma once

#include "data/schema.h"

#include <string>

namespace ringmaker::serve {

/// 0,0,"red"
[[nodiscard]] std::string example_csv(const data::Schema& schema);
/// [0,0,"red"]
[[nodiscard]] std::string example_json_row(const data::Schema& schema);
/// {"instances":[[0,0,"red"]]}
[[nodiscard]] std::string example_instances(const data::Schema& schema);
/// {"inputs":[...]}: one tensor of whole rows or, where some features are texts, one for each.
[[nodiscard]] std::string example_tensors(const data::Schema& schema);

}  // namespace ringmaker::serve
