// TensorType: the datatypes of the Open Inference Protocol: numbers, and BYTES, which are texts.
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
  kFp16,
  kBf16,
  kFp32,
  kFp64,
  kBytes,
};
inline constexpr size_t kTensorTypes = 14;

/// "FP32" and the like.
[[nodiscard]] std::string_view name(TensorType type) noexcept;
/// All names, for sentences.
[[nodiscard]] std::string_view tensor_type_names() noexcept;
/// Compares with case, as the protocol does.
[[nodiscard]] std::optional<TensorType> find_tensor_type(std::string_view name) noexcept;

/// Of one value, as binary data hold it; 0 for texts, which say it each.
[[nodiscard]] size_t bytes_of(TensorType type) noexcept;
[[nodiscard]] bool is_floating(TensorType type) noexcept;
/// The protocol has no JSON for floats of 16 bits: they come as binary data alone.
[[nodiscard]] bool has_json(TensorType type) noexcept;
/// Whether a number from a text is one of the type's values; any, for floating ones.
[[nodiscard]] bool holds(TensorType type, double value) noexcept;
/// The value at `bytes`, which are little-endian. Not for texts.
[[nodiscard]] double load_tensor_value(TensorType type, const char* bytes) noexcept;

}  // namespace ringmaker::codec
