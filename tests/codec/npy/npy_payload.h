// NPY files put together by hand.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace ringmaker::codec {

/// Version 1.0, whatever `dictionary` says.
inline std::string npy_file(std::string_view dictionary, std::string_view values) {
  std::string file("\x93NUMPY\x01\x00", 8);
  file += static_cast<char>(dictionary.size() & 0xff);
  file += static_cast<char>(dictionary.size() >> 8U);
  return file.append(dictionary).append(values);
}

template <class T>
std::string bytes_of(const std::vector<T>& values, bool big_endian = false) {
  std::string bytes;
  for (const T value : values) {
    char item[sizeof(T)];
    std::memcpy(item, &value, sizeof(T));
    const bool turn = big_endian == (std::endian::native == std::endian::little);
    for (size_t i = 0; i < sizeof(T); ++i) {
      bytes += item[turn ? sizeof(T) - 1 - i : i];
    }
  }
  return bytes;
}

}  // namespace ringmaker::codec
