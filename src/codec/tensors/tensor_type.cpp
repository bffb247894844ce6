#include "codec/tensors/tensor_type.h"

#include "base/check.h"
#include "wire/half_float.h"
#include "wire/little_endian.h"

#include <array>
#include <cmath>

namespace ringmaker::codec {
namespace {

struct Facts {
  std::string_view name;
  size_t bytes;
  // Of integers: the least, and the first beyond the greatest.
  double least = 0;
  double beyond = 0;
};

constexpr std::array<Facts, kTensorTypes> kFacts{{
    {"BOOL", 1, 0, 2},
    {"UINT8", 1, 0, 0x1p8},
    {"UINT16", 2, 0, 0x1p16},
    {"UINT32", 4, 0, 0x1p32},
    {"UINT64", 8, 0, 0x1p64},
    {"INT8", 1, -0x1p7, 0x1p7},
    {"INT16", 2, -0x1p15, 0x1p15},
    {"INT32", 4, -0x1p31, 0x1p31},
    {"INT64", 8, -0x1p63, 0x1p63},
    {"FP16", 2},
    {"BF16", 2},
    {"FP32", 4},
    {"FP64", 8},
    {"BYTES", 0},
}};

const Facts& facts(TensorType type) noexcept { return kFacts[static_cast<size_t>(type)]; }

template <class T>
double load(const char* bytes) noexcept {
  return static_cast<double>(wire::load_little_endian<T>(bytes));
}

}  // namespace

std::string_view name(TensorType type) noexcept { return facts(type).name; }

std::string_view tensor_type_names() noexcept {
  return "BOOL, (U)INT8 to (U)INT64, FP16 to FP64, BF16, BYTES";
}

std::optional<TensorType> find_tensor_type(std::string_view name) noexcept {
  for (size_t i = 0; i < kTensorTypes; ++i) {
    if (kFacts[i].name == name) {
      return static_cast<TensorType>(i);
    }
  }
  return std::nullopt;
}

size_t bytes_of(TensorType type) noexcept { return facts(type).bytes; }

bool is_floating(TensorType type) noexcept {
  return type >= TensorType::kFp16 && type <= TensorType::kFp64;
}

bool has_json(TensorType type) noexcept {
  return type != TensorType::kFp16 && type != TensorType::kBf16;
}

bool holds(TensorType type, double value) noexcept {
  return is_floating(type) ||
         (value >= facts(type).least && value < facts(type).beyond && value == std::trunc(value));
}

double load_tensor_value(TensorType type, const char* bytes) noexcept {
  switch (type) {
    case TensorType::kBool:
      return *bytes != 0 ? 1 : 0;
    case TensorType::kUint8:
      return load<uint8_t>(bytes);
    case TensorType::kUint16:
      return load<uint16_t>(bytes);
    case TensorType::kUint32:
      return load<uint32_t>(bytes);
    case TensorType::kUint64:
      return load<uint64_t>(bytes);
    case TensorType::kInt8:
      return load<int8_t>(bytes);
    case TensorType::kInt16:
      return load<int16_t>(bytes);
    case TensorType::kInt32:
      return load<int32_t>(bytes);
    case TensorType::kInt64:
      return load<int64_t>(bytes);
    case TensorType::kFp16:
      return static_cast<double>(wire::float_of_half(wire::load_little_endian<uint16_t>(bytes)));
    case TensorType::kBf16:
      return static_cast<double>(
          wire::float_of_bfloat16(wire::load_little_endian<uint16_t>(bytes)));
    case TensorType::kFp32:
      return load<float>(bytes);
    case TensorType::kFp64:
      return load<double>(bytes);
    case TensorType::kBytes:
      break;
  }
  RM_UNREACHABLE();
}

}  // namespace ringmaker::codec
