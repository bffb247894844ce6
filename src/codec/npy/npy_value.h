// The values of NumPy arrays, whatever their type.
#pragma once

#include "codec/npy/npy_header.h"

#include <cstdint>
#include <optional>

namespace ringmaker::codec {

/// `item` is one value of an array with such a header.
[[nodiscard]] float npy_float(const NpyHeader& header, const char* item) noexcept;
/// The same in double, for features whose values are narrowed.
[[nodiscard]] double npy_wide(const NpyHeader& header, const char* item) noexcept;
/// Of an array of doubles.
[[nodiscard]] double npy_double(const NpyHeader& header, const char* item) noexcept;
/// Whether `value`, made of the item, is infinite because the item is a double beyond all floats.
[[nodiscard]] bool is_npy_overflow(const NpyHeader& header, const char* item, float value) noexcept;
/// Of an array of integers; nothing where it is negative, and for other arrays.
[[nodiscard]] std::optional<uint64_t> npy_index(const NpyHeader& header, const char* item) noexcept;

}  // namespace ringmaker::codec
