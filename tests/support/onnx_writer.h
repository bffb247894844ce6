// OnnxWriter: small ONNX models for tests, field by field.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace ringmaker::test {

/// The numbers of element types on the wire.
inline constexpr int32_t kOnnxFloat = 1;
inline constexpr int32_t kOnnxInt64 = 7;
inline constexpr int32_t kOnnxString = 8;
inline constexpr int32_t kOnnxBool = 9;
inline constexpr int32_t kOnnxDouble = 11;

/// A TensorProto: its values lie in the list of their type.
struct OnnxTensor {
  std::vector<int64_t> dims;
  std::variant<std::vector<float>, std::vector<int64_t>, std::vector<std::string>,
               std::vector<double>>
      values;

  [[nodiscard]] std::string bytes(const std::string& name) const;
};

/// A GraphProto without a name, for an attribute.
struct OnnxBody {
  std::string bytes;
};

using OnnxValue =
    std::variant<float, int64_t, std::string, std::vector<float>, std::vector<int64_t>,
                 std::vector<std::string>, OnnxTensor, OnnxBody>;
using OnnxAttributes = std::vector<std::pair<std::string, OnnxValue>>;

class OnnxWriter {
 public:
  /// The graph's inputs and outputs; -1 is a dimension that stays open.
  OnnxWriter& input(const std::string& name, int32_t type, std::vector<int64_t> dims);
  OnnxWriter& output(const std::string& name, int32_t type = kOnnxFloat);
  OnnxWriter& constant(const std::string& name, const OnnxTensor& tensor);
  /// "Gemm", or "ai.onnx.ml:Scaler".
  OnnxWriter& node(const std::string& op, const std::vector<std::string>& inputs,
                   const std::vector<std::string>& outputs, const OnnxAttributes& attributes = {});
  /// Raw bytes as a field of the graph.
  OnnxWriter& graph_field(uint32_t field, const std::string& bytes);

  [[nodiscard]] OnnxBody body() const { return {graph_}; }
  /// The file. Without opsets of their own, models are of ai.onnx 13 and ai.onnx.ml 3.
  [[nodiscard]] std::string file(std::vector<std::pair<std::string, int64_t>> opsets = {
                                     {"", 13}, {"ai.onnx.ml", 3}}) const;

 private:
  std::string graph_;
};

}  // namespace ringmaker::test
