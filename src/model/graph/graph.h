// Graph: an ONNX graph in plain form, as its file says it; nothing here is checked against anything
// else. build_program() makes of it what runs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace ringmaker::model {

/// What a tensor holds; the numbers are the format's own.
enum class ElementType : uint8_t {
  kUndefined = 0,
  kFloat = 1,
  kUint8 = 2,
  kInt8 = 3,
  kUint16 = 4,
  kInt16 = 5,
  kInt32 = 6,
  kInt64 = 7,
  kString = 8,
  kBool = 9,
  kFloat16 = 10,
  kDouble = 11,
  kUint32 = 12,
  kUint64 = 13,
};

/// "float", "int64", ...; "type 17" for one that has no name here.
[[nodiscard]] std::string name(ElementType type);
/// The type of that name, in letters of either case; kUndefined for none.
[[nodiscard]] ElementType element_type_named(std::string_view text) noexcept;

/// A named array, row-major. One of the lists holds its values: integers for all integer types and
/// bool (0 and 1).
struct GraphTensor {
  std::string name = {};
  ElementType type = ElementType::kUndefined;
  std::vector<int64_t> dims = {};
  std::vector<float> floats = {};
  std::vector<double> doubles = {};
  std::vector<int64_t> integers = {};
  std::vector<std::string> strings = {};
};

struct Graph;

enum class AttributeKind : uint8_t {
  kNone,  // of a kind that no operator here asks for
  kFloat,
  kInteger,
  kString,
  kTensor,
  kGraph,
  kFloats,
  kIntegers,
  kStrings,
};

struct GraphAttribute {
  std::string name = {};
  AttributeKind kind = AttributeKind::kNone;
  float real = 0;
  int64_t integer = 0;
  std::string text = {};
  GraphTensor tensor = {};
  std::shared_ptr<Graph> graph = {};
  std::vector<float> floats = {};
  std::vector<int64_t> integers = {};
  std::vector<std::string> strings = {};
};

struct GraphNode {
  std::string name = {};
  std::string domain = {};  // "" for ai.onnx
  std::string op = {};
  std::vector<std::string> inputs = {};  // "" for one that is left out
  std::vector<std::string> outputs = {};
  std::vector<GraphAttribute> attributes = {};
};

/// An input or output of the graph.
struct GraphPort {
  std::string name = {};
  ElementType type = ElementType::kUndefined;
  bool is_tensor = true;           // else a sequence or a map
  bool shaped = false;             // dims are known, as far as they are
  std::vector<int64_t> dims = {};  // -1 where a dimension has a name or nothing
};

struct Graph {
  std::vector<GraphNode> nodes = {};
  std::vector<GraphTensor> constants = {};  // initializers
  std::vector<GraphPort> inputs = {};
  std::vector<GraphPort> outputs = {};
};

struct Opset {
  std::string domain = {};  // "" for ai.onnx
  int64_t version = 0;
};

/// A model file.
struct GraphFile {
  int64_t ir_version = 0;
  std::string producer = {};  // "skl2onnx 1.14.0"; empty where the file does not say
  std::vector<Opset> opsets = {};
  Graph graph = {};
};

}  // namespace ringmaker::model
