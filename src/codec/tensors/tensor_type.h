// TensorType: the datatypes of the Open Inference Protocol that hold numbers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace ringmaker::codec {

enum class TensorType : uint8_t {
  kBool,
  kUint8,
  kUint16,
  kUint32,
  kUint64,
  kInt8,
  kInt16,
  kInt32,
  kInt64,
  kFp32,
  kFp64,
};
inline constexpr size_t kTensorTypes = 11;

/// "FP32" and the like.
[[nodiscard]] std::string_view name(TensorType type) noexcept;
/// All names, for sentences.
[[nodiscard]] std::string_view tensor_type_names() noexcept;
/// Compares with case, as the protocol does.
[[nodiscard]] std::optional<TensorType> find_tensor_type(std::string_view name) noexcept;

/// Of one value, as binary data hold it.
[[nodiscard]] size_t bytes_of(TensorType type) noexcept;
[[nodiscard]] bool is_floating(TensorType type) noexcept;
/// Whether a number from a text is one of the type's values; any, for floating ones.
[[nodiscard]] bool holds(TensorType type, double value) noexcept;
/// The value at `bytes`, which are little-endian.
[[nodiscard]] double load_tensor_value(TensorType type, const char* bytes) noexcept;

}  // namespace ringmaker::codec
