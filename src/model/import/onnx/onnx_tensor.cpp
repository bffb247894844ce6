#include "model/import/onnx/onnx_tensor.h"

#include "wire/little_endian.h"
#include "wire/protobuf_reader.h"
#include "wire/utf8.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <span>
#include <utility>

namespace ringmaker::model {
namespace {

using base::ErrorCode;
using base::fail;
using base::Result;

/// A tensor's fields before they are looked at together.
struct Fields {
  GraphTensor tensor;
  std::vector<int64_t> int32s;
  std::vector<int64_t> int64s;
  std::string_view raw;
  bool has_raw = false;
  bool external = false;
  bool segmented = false;
};

Result<Fields> read_fields(std::string_view message) {
  Fields fields;
  GraphTensor& tensor = fields.tensor;
  wire::ProtobufReader reader(message);
  while (reader.next()) {
    switch (reader.field()) {
      case 1:
        reader.uint64s([&](uint64_t dim) { tensor.dims.push_back(static_cast<int64_t>(dim)); });
        break;
      case 2:
        reader.uint64s([&](uint64_t type) {
          tensor.type = static_cast<ElementType>(std::min<uint64_t>(type, 255));
        });
        break;
      case 3:
        fields.segmented = true;
        reader.skip();
        break;
      case 4:
        reader.floats([&](float value) { tensor.floats.push_back(value); });
        break;
      case 5:
        reader.uint64s([&](uint64_t value) {
          fields.int32s.push_back(static_cast<int32_t>(static_cast<uint32_t>(value)));
        });
        break;
      case 6:
        tensor.strings.emplace_back(reader.bytes());
        break;
      case 7:
      case 11:
        reader.uint64s(
            [&](uint64_t value) { fields.int64s.push_back(static_cast<int64_t>(value)); });
        break;
      case 8:
        tensor.name = reader.bytes();
        break;
      case 9:
        fields.raw = reader.bytes();
        fields.has_raw = true;
        break;
      case 10:
        reader.doubles([&](double value) { tensor.doubles.push_back(value); });
        break;
      case 13:
        fields.external = true;
        reader.skip();
        break;
      case 14:
        reader.uint64s([&](uint64_t place) { fields.external |= place == 1; });
        break;
      default:
        reader.skip();
    }
  }
  if (reader.failed()) {
    return fail(ErrorCode::kCorrupt, "the tensor is no message of protobuf");
  }
  return fields;
}

template <class Stored, class Value>
void unpack(std::string_view raw, std::vector<Value>& values) {
  values.resize(raw.size() / sizeof(Stored));
  for (size_t i = 0; i < values.size(); ++i) {
    const Stored stored = wire::load_little_endian<Stored>(raw.data() + i * sizeof(Stored));
    values[i] = static_cast<Value>(stored);  // NOLINT(bugprone-signed-char-misuse): signed is meant
  }
}

/// Bytes of one value in raw_data; 0 for types that are not read.
size_t bytes_of(ElementType type) {
  switch (type) {
    case ElementType::kUint8:
    case ElementType::kInt8:
    case ElementType::kBool:
      return 1;
    case ElementType::kUint16:
    case ElementType::kInt16:
      return 2;
    case ElementType::kFloat:
    case ElementType::kInt32:
    case ElementType::kUint32:
      return 4;
    case ElementType::kDouble:
    case ElementType::kInt64:
    case ElementType::kUint64:
      return 8;
    default:
      return 0;
  }
}

void unpack_raw(Fields& fields) {
  GraphTensor& tensor = fields.tensor;
  switch (tensor.type) {
    case ElementType::kFloat:
      return unpack<float>(fields.raw, tensor.floats);
    case ElementType::kDouble:
      return unpack<double>(fields.raw, tensor.doubles);
    case ElementType::kUint8:
    case ElementType::kBool:
      return unpack<uint8_t>(fields.raw, tensor.integers);
    case ElementType::kInt8:
      return unpack<int8_t>(fields.raw, tensor.integers);
    case ElementType::kUint16:
      return unpack<uint16_t>(fields.raw, tensor.integers);
    case ElementType::kInt16:
      return unpack<int16_t>(fields.raw, tensor.integers);
    case ElementType::kInt32:
      return unpack<int32_t>(fields.raw, tensor.integers);
    case ElementType::kUint32:
      return unpack<uint32_t>(fields.raw, tensor.integers);
    default:
      return unpack<int64_t>(fields.raw, tensor.integers);
  }
}

/// The number of values that the dims speak of.
Result<uint64_t> elements_of(const GraphTensor& tensor) {
  uint64_t count = 1;
  for (const int64_t dim : tensor.dims) {
    if (dim < 0 || __builtin_mul_overflow(count, static_cast<uint64_t>(dim), &count) ||
        count > std::numeric_limits<int32_t>::max()) {
      return fail(ErrorCode::kInvalidInput,
                  fmt::format("its dims are {}, too many values", fmt::join(tensor.dims, " x ")));
    }
  }
  return count;
}

size_t values_held(const GraphTensor& tensor) {
  switch (tensor.type) {
    case ElementType::kFloat:
      return tensor.floats.size();
    case ElementType::kDouble:
      return tensor.doubles.size();
    case ElementType::kString:
      return tensor.strings.size();
    default:
      return tensor.integers.size();
  }
}

Result<GraphTensor> assembled(Fields fields) {
  GraphTensor& tensor = fields.tensor;
  if (fields.external) {
    return fail(ErrorCode::kUnsupported,
                "its data lies in another file, which is not read: save the model with its data "
                "inside");
  }
  if (fields.segmented) {
    return fail(ErrorCode::kUnsupported, "it comes in segments, which are not read");
  }
  const bool text = tensor.type == ElementType::kString;
  const size_t bytes = bytes_of(tensor.type);
  if (!text && bytes == 0) {
    return fail(ErrorCode::kUnsupported,
                fmt::format("it holds {}, which is not read", name(tensor.type)));
  }
  if (fields.has_raw) {
    if (text || fields.raw.size() % bytes != 0) {
      return fail(ErrorCode::kInvalidInput,
                  fmt::format("its raw_data has {} bytes, no whole number of {} values",
                              fields.raw.size(), name(tensor.type)));
    }
    unpack_raw(fields);
  } else if (tensor.type == ElementType::kInt64 || tensor.type == ElementType::kUint64 ||
             tensor.type == ElementType::kUint32) {
    tensor.integers = std::move(fields.int64s);
  } else {
    tensor.integers = std::move(fields.int32s);
  }
  RM_ASSIGN(const uint64_t elements, elements_of(tensor));
  for (const std::string& one : tensor.strings) {
    if (!wire::is_utf8(one)) {
      return fail(ErrorCode::kInvalidInput, "it holds a text that is no UTF-8");
    }
  }
  if (values_held(tensor) != elements) {
    return fail(ErrorCode::kInvalidInput, fmt::format("it has {} values, its dims ask for {}",
                                                      values_held(tensor), elements));
  }
  return std::move(tensor);
}

}  // namespace

Result<GraphTensor> read_onnx_tensor(std::string_view message) {
  RM_ASSIGN(Fields fields, read_fields(message));
  if (!wire::is_utf8(fields.tensor.name)) {
    return fail(ErrorCode::kInvalidInput, "the name of a tensor is no UTF-8");
  }
  const std::string what = fmt::format("tensor \"{}\"", fields.tensor.name);
  auto tensor = assembled(std::move(fields));
  return tensor ? std::move(tensor) : Result<GraphTensor>(fail(tensor.error().within(what)));
}

}  // namespace ringmaker::model
