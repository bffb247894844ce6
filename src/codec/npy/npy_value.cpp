#include "codec/npy/npy_value.h"

#include "wire/half_float.h"
#include "wire/little_endian.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace ringmaker::codec {
namespace {

template <class T>
T load(const char* item, bool big_endian) noexcept {
  char bytes[sizeof(T)];
  std::memcpy(bytes, item, sizeof(T));
  if (big_endian) {
    std::reverse(bytes, bytes + sizeof(T));
  }
  return wire::load_little_endian<T>(bytes);
}

template <class Real>
Real number_of(const NpyHeader& header, const char* item) noexcept {
  const bool big = header.big_endian;
  const auto number = [&]<class One, class Two, class Four, class Eight>(One, Two, Four, Eight) {
    switch (header.item_bytes) {
      case 1:
        return static_cast<Real>(load<One>(item, false));
      case 2:
        return static_cast<Real>(load<Two>(item, big));
      case 4:
        return static_cast<Real>(load<Four>(item, big));
      default:
        return static_cast<Real>(load<Eight>(item, big));
    }
  };
  switch (header.kind) {
    case NpyHeader::Kind::kSigned:
      return number(int8_t{}, int16_t{}, int32_t{}, int64_t{});
    case NpyHeader::Kind::kUnsigned:
      return number(uint8_t{}, uint16_t{}, uint32_t{}, uint64_t{});
    case NpyHeader::Kind::kBool:
      return static_cast<Real>(*item != 0 ? 1 : 0);
    case NpyHeader::Kind::kFloat:
      break;
  }
  if (header.item_bytes == 2) {
    return static_cast<Real>(wire::float_of_half(load<uint16_t>(item, big)));
  }
  return header.item_bytes == 4 ? static_cast<Real>(load<float>(item, big))
                                : static_cast<Real>(load<double>(item, big));
}

}  // namespace

float npy_float(const NpyHeader& header, const char* item) noexcept {
  return number_of<float>(header, item);
}
double npy_wide(const NpyHeader& header, const char* item) noexcept {
  return number_of<double>(header, item);
}

double npy_double(const NpyHeader& header, const char* item) noexcept {
  return load<double>(item, header.big_endian);
}

bool is_npy_overflow(const NpyHeader& header, const char* item, float value) noexcept {
  return header.kind == NpyHeader::Kind::kFloat && header.item_bytes == 8 && std::isinf(value) &&
         !std::isinf(npy_double(header, item));
}

std::optional<uint64_t> npy_index(const NpyHeader& header, const char* item) noexcept {
  const bool is_signed = header.kind == NpyHeader::Kind::kSigned;
  if (!is_signed && header.kind != NpyHeader::Kind::kUnsigned) {
    return std::nullopt;
  }
  const size_t highest = header.big_endian ? 0 : header.item_bytes - 1;
  if (is_signed && static_cast<signed char>(item[highest]) < 0) {
    return std::nullopt;
  }
  uint64_t value = 0;
  for (size_t i = 0; i < header.item_bytes; ++i) {
    const size_t at = header.big_endian ? i : header.item_bytes - 1 - i;
    value = value << 8U | static_cast<unsigned char>(item[at]);
  }
  return value;
}

}  // namespace ringmaker::codec
