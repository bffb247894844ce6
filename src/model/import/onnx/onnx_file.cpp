#include "model/import/onnx/onnx_file.h"

#include "base/huge_pages.h"
#include "model/import/onnx/onnx_tensor.h"
#include "wire/protobuf_reader.h"
#include "wire/utf8.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <unordered_set>
#include <utility>

namespace ringmaker::model {
namespace {

using base::ErrorCode;
using base::fail;
using base::Result;
using wire::ProtobufReader;

/// Graphs within attributes of nodes of graphs ...
constexpr size_t kDepthMax = 8;
/// Of a text in a long list, "BRANCH_LEQ" or "LEAF", with its key and length.
constexpr size_t kTextBytes = 8;

Result<void> check(const ProtobufReader& reader, std::string_view what) {
  return reader.failed()
             ? Result<void>(fail(ErrorCode::kCorrupt,
                                 fmt::format("the {} is cut off or no message of protobuf", what)))
             : Result<void>();
}

/// Texts of a model are shown, written into JSON and compared with those of requests.
Result<void> expect_utf8(std::string_view what, std::string_view text) {
  return wire::is_utf8(text)
             ? Result<void>()
             : Result<void>(fail(ErrorCode::kInvalidInput,
                                 fmt::format("{} holds a text that is no UTF-8", what)));
}

int64_t read_integer(ProtobufReader& reader) {
  int64_t value = 0;
  reader.uint64s([&](uint64_t read) { value = static_cast<int64_t>(read); });
  return value;
}

Result<Graph> read_graph(std::string_view message, size_t depth);

/// For as many values as the bytes of a message may hold, before the first of them comes. What is
/// not written of it takes no memory.
template <class Value>
void make_room(std::vector<Value>& values, size_t bytes, size_t bytes_of_a_value) {
  if (values.capacity() == 0) {
    base::reserve_huge(values, bytes / bytes_of_a_value);
  }
}

AttributeKind kind_of(int64_t type) {
  switch (type) {
    case 1:
      return AttributeKind::kFloat;
    case 2:
      return AttributeKind::kInteger;
    case 3:
      return AttributeKind::kString;
    case 4:
      return AttributeKind::kTensor;
    case 5:
      return AttributeKind::kGraph;
    case 6:
      return AttributeKind::kFloats;
    case 7:
      return AttributeKind::kIntegers;
    case 8:
      return AttributeKind::kStrings;
    default:
      return AttributeKind::kNone;
  }
}

// NOLINTNEXTLINE(misc-no-recursion): depth is bounded
Result<GraphAttribute> read_attribute(std::string_view message, size_t depth) {
  GraphAttribute attribute;
  AttributeKind seen = AttributeKind::kNone;  // older files do not state the kind
  int64_t type = 0;
  std::string_view tensor;
  std::string_view graph;
  ProtobufReader reader(message);
  while (reader.next()) {
    switch (reader.field()) {
      case 1:
        attribute.name = reader.bytes();
        break;
      case 2:
        reader.floats([&](float value) { attribute.real = value; });
        seen = AttributeKind::kFloat;
        break;
      case 3:
        attribute.integer = read_integer(reader);
        seen = AttributeKind::kInteger;
        break;
      case 4:
        attribute.text = reader.bytes();
        seen = AttributeKind::kString;
        break;
      case 5:
        tensor = reader.bytes();
        seen = AttributeKind::kTensor;
        break;
      case 6:
        graph = reader.bytes();
        seen = AttributeKind::kGraph;
        break;
      case 7:
        make_room(attribute.floats, message.size(), sizeof(float));
        reader.floats([&](float value) { attribute.floats.push_back(value); });
        seen = AttributeKind::kFloats;
        break;
      case 8:
        make_room(attribute.integers, message.size(), 2);
        reader.uint64s(
            [&](uint64_t value) { attribute.integers.push_back(static_cast<int64_t>(value)); });
        seen = AttributeKind::kIntegers;
        break;
      case 9:
        make_room(attribute.strings, message.size(), kTextBytes);
        attribute.strings.emplace_back(reader.bytes());
        seen = AttributeKind::kStrings;
        break;
      case 20:
        type = read_integer(reader);
        break;
      default:
        reader.skip();
    }
  }
  RM_TRY(check(reader, "attribute"));
  attribute.kind = type == 0 ? seen : kind_of(type);
  RM_TRY(expect_utf8("the name of an attribute", attribute.name));
  const std::string what = fmt::format("attribute \"{}\"", attribute.name);
  RM_TRY(expect_utf8(what, attribute.text));
  for (const std::string& text : attribute.strings) {
    RM_TRY(expect_utf8(what, text));
  }
  if (attribute.kind == AttributeKind::kTensor) {
    auto read = read_onnx_tensor(tensor);
    if (!read) {
      return fail(read.error().within(what));
    }
    attribute.tensor = std::move(*read);
  } else if (attribute.kind == AttributeKind::kGraph) {
    if (depth >= kDepthMax) {
      return fail(
          ErrorCode::kUnsupported,
          fmt::format("{}: graphs lie within graphs, {} deep at most are read", what, kDepthMax));
    }
    auto read = read_graph(graph, depth + 1);
    if (!read) {
      return fail(read.error().within(what));
    }
    attribute.graph = std::make_shared<Graph>(std::move(*read));
  }
  return attribute;
}

// NOLINTNEXTLINE(misc-no-recursion): depth is bounded
Result<GraphNode> read_node(std::string_view message, size_t depth) {
  GraphNode node;
  std::vector<std::string_view> attributes;
  ProtobufReader reader(message);
  while (reader.next()) {
    switch (reader.field()) {
      case 1:
        node.inputs.emplace_back(reader.bytes());
        break;
      case 2:
        node.outputs.emplace_back(reader.bytes());
        break;
      case 3:
        node.name = reader.bytes();
        break;
      case 4:
        node.op = reader.bytes();
        break;
      case 5:
        attributes.push_back(reader.bytes());
        break;
      case 7:
        node.domain = reader.bytes();
        break;
      default:
        reader.skip();
    }
  }
  RM_TRY(check(reader, "node"));
  for (const std::string* text : {&node.name, &node.op, &node.domain}) {
    RM_TRY(expect_utf8("a node", *text));
  }
  if (node.domain == "ai.onnx") {
    node.domain.clear();
  }
  for (const std::string_view attribute : attributes) {
    auto read = read_attribute(attribute, depth);
    if (!read) {
      return fail(read.error().within(fmt::format("node \"{}\" ({})", node.name, node.op)));
    }
    node.attributes.push_back(std::move(*read));
  }
  return node;
}

/// TensorShapeProto: 1 dim {1 dim_value, 2 dim_param}
Result<void> read_shape(std::string_view message, GraphPort& port) {
  ProtobufReader reader(message);
  while (reader.next()) {
    if (reader.field() != 1) {
      reader.skip();
      continue;
    }
    int64_t dim = -1;
    ProtobufReader inner(reader.bytes());
    while (inner.next()) {
      if (inner.field() == 1) {
        dim = read_integer(inner);
      } else {
        inner.skip();
      }
    }
    RM_TRY(check(inner, "dimension"));
    port.dims.push_back(dim);
  }
  return check(reader, "shape");
}

/// TypeProto: 1 tensor_type {1 elem_type, 2 shape}; all others are sequences, maps, ...
Result<void> read_type(std::string_view message, GraphPort& port) {
  port.is_tensor = false;
  ProtobufReader reader(message);
  while (reader.next()) {
    if (reader.field() != 1) {
      reader.skip();
      continue;
    }
    port.is_tensor = true;
    ProtobufReader inner(reader.bytes());
    while (inner.next()) {
      if (inner.field() == 1) {
        port.type = static_cast<ElementType>(std::clamp<int64_t>(read_integer(inner), 0, 255));
      } else if (inner.field() == 2) {
        port.shaped = true;
        RM_TRY(read_shape(inner.bytes(), port));
      } else {
        inner.skip();
      }
    }
    RM_TRY(check(inner, "tensor type"));
  }
  return check(reader, "type");
}

Result<GraphPort> read_port(std::string_view message) {
  GraphPort port;
  ProtobufReader reader(message);
  while (reader.next()) {
    if (reader.field() == 1) {
      port.name = reader.bytes();
    } else if (reader.field() == 2) {
      RM_TRY(read_type(reader.bytes(), port));
    } else {
      reader.skip();
    }
  }
  RM_TRY(check(reader, "input or output"));
  RM_TRY(expect_utf8("the name of an input or output", port.name));
  return port;
}

// NOLINTNEXTLINE(misc-no-recursion): depth is bounded
Result<Graph> read_graph(std::string_view message, size_t depth) {
  Graph graph;
  ProtobufReader reader(message);
  while (reader.next()) {
    switch (reader.field()) {
      case 1: {
        RM_ASSIGN(GraphNode node, read_node(reader.bytes(), depth));
        graph.nodes.push_back(std::move(node));
        break;
      }
      case 5: {
        RM_ASSIGN(GraphTensor tensor, read_onnx_tensor(reader.bytes()));
        graph.constants.push_back(std::move(tensor));
        break;
      }
      case 11: {
        RM_ASSIGN(GraphPort port, read_port(reader.bytes()));
        graph.inputs.push_back(std::move(port));
        break;
      }
      case 12: {
        RM_ASSIGN(GraphPort port, read_port(reader.bytes()));
        graph.outputs.push_back(std::move(port));
        break;
      }
      case 15:
        return fail(ErrorCode::kUnsupported, "the graph has sparse tensors, which are not read");
      default:
        reader.skip();
    }
  }
  RM_TRY(check(reader, "graph"));
  // In old files initializers are listed among the inputs too: those need not be given.
  std::unordered_set<std::string_view> given;
  for (const GraphTensor& one : graph.constants) {
    given.insert(one.name);
  }
  std::erase_if(graph.inputs, [&](const GraphPort& port) { return given.contains(port.name); });
  return graph;
}

Result<Opset> read_opset(std::string_view message) {
  Opset opset;
  ProtobufReader reader(message);
  while (reader.next()) {
    if (reader.field() == 1) {
      opset.domain = reader.bytes();
    } else if (reader.field() == 2) {
      opset.version = read_integer(reader);
    } else {
      reader.skip();
    }
  }
  RM_TRY(check(reader, "opset"));
  RM_TRY(expect_utf8("the domain of an opset", opset.domain));
  if (opset.domain == "ai.onnx") {
    opset.domain.clear();
  }
  return opset;
}

std::string_view text_of(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// One key and, of short fields, the value: enough to tell a ModelProto from other bytes.
struct Key {
  uint32_t field = 0;
  uint32_t wire = 0;
  uint64_t value = 0;  // of a varint, or the length
};

/// False where the bytes end or are no key.
bool take_varint(std::span<const std::byte>& bytes, uint64_t& value) noexcept {
  value = 0;
  for (uint32_t shift = 0; shift < 64 && !bytes.empty(); shift += 7) {
    const auto byte = static_cast<uint64_t>(bytes.front());
    bytes = bytes.subspan(1);
    value |= (byte & 0x7FU) << shift;
    if (byte < 0x80U) {
      return true;
    }
  }
  return false;
}

bool take_key(std::span<const std::byte>& bytes, Key& key) noexcept {
  uint64_t tag = 0;
  if (!take_varint(bytes, tag) || tag >> 3U > 100 || !take_varint(bytes, key.value)) {
    return false;
  }
  key.field = static_cast<uint32_t>(tag >> 3U);
  key.wire = static_cast<uint32_t>(tag & 7U);
  return true;
}

}  // namespace

Result<bool> is_onnx(const ByteSource& file) {
  // What fields of a ModelProto are: varints or things with a length.
  constexpr uint32_t kVarint = 0;
  constexpr uint32_t kLength = 2;
  constexpr std::array<uint32_t, 11> kLengths{2, 3, 4, 6, 7, 8, 14, 20, 25, 26, 27};
  constexpr size_t kLooked = 4096;
  constexpr size_t kKeyBytes = 20;  // two varints
  constexpr size_t kReadsMax = 64;  // of a file that has hardly anything but properties
  bool version = false;
  bool model = false;  // a graph, a producer or an opset
  uint64_t at = 0;
  std::span<const std::byte> rest;
  for (size_t reads = 0; at < file.size;) {
    if (rest.size() < std::min<uint64_t>(kKeyBytes, file.size - at)) {
      if (++reads > kReadsMax) {
        return version && model;
      }
      RM_ASSIGN(rest, file.read(at, kLooked));
    }
    Key key;
    const size_t before = rest.size();
    if (!take_key(rest, key)) {
      return version && model;
    }
    at += before - rest.size();
    const bool number = key.field == 1 || key.field == 5;
    const bool known =
        number ? key.wire == kVarint
               : key.wire == kLength && std::ranges::find(kLengths, key.field) != kLengths.end();
    if (!known || (key.field == 1 && (key.value == 0 || key.value > 1000))) {
      return false;
    }
    version |= key.field == 1;
    model |= key.field == 2 || key.field == 7 || key.field == 8;
    if (!number) {
      at += std::min<uint64_t>(key.value, file.size - at);
      rest = rest.subspan(std::min<uint64_t>(key.value, rest.size()));
    }
  }
  return version && model;
}

Result<GraphFile> read_onnx(std::span<const std::byte> bytes) {
  GraphFile file;
  bool graph = false;
  std::string version;
  ProtobufReader reader(text_of(bytes));
  while (reader.next()) {
    switch (reader.field()) {
      case 1:
        file.ir_version = read_integer(reader);
        break;
      case 2:
        file.producer = reader.bytes();
        break;
      case 3:
        version = reader.bytes();
        break;
      case 7: {
        RM_ASSIGN(file.graph, read_graph(reader.bytes(), 0));
        graph = true;
        break;
      }
      case 8: {
        RM_ASSIGN(Opset opset, read_opset(reader.bytes()));
        file.opsets.push_back(std::move(opset));
        break;
      }
      case 25:
        return fail(ErrorCode::kUnsupported,
                    "the ONNX model defines functions of its own, which are not read");
      default:
        reader.skip();
    }
  }
  RM_TRY(check(reader, "ONNX model"));
  RM_TRY(expect_utf8("the name of the producer", file.producer));
  RM_TRY(expect_utf8("the version of the producer", version));
  if (!graph) {
    return fail(ErrorCode::kCorrupt, "the ONNX model has no graph");
  }
  if (!file.producer.empty() && !version.empty()) {
    file.producer += ' ' + version;
  }
  return file;
}

}  // namespace ringmaker::model
