// A TensorProto as a GraphTensor.
//
//   1 dims  2 data_type  3 segment  4 float_data  5 int32_data  6 string_data  7 int64_data
//   8 name  9 raw_data  10 double_data  11 uint64_data  13 external_data  14 data_location
//
// Values lie in raw_data, little-endian, or in the list of their type; int32_data also carries the
// smaller integers and bool.
#pragma once

#include "base/result.h"
#include "model/graph/graph.h"

#include <string_view>

namespace ringmaker::model {

/// The errors of read_onnx().
[[nodiscard]] base::Result<GraphTensor> read_onnx_tensor(std::string_view message);

}  // namespace ringmaker::model
