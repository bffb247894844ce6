// Little-endian integers and floats in bytes: bare loads and stores, a reader that knows where the
// bytes end, and a writer that appends. All formats of ours are little-endian on every machine.
#pragma once

#include "base/check.h"

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace ringmaker::wire {

template <class T>
concept Scalar = std::integral<T> || std::floating_point<T>;

/// The bytes' T, wherever `bytes` is aligned.
template <Scalar T>
[[nodiscard]] inline T load_little_endian(const void* bytes) noexcept {
  T value;
  std::memcpy(&value, bytes, sizeof(T));
  if constexpr (std::endian::native == std::endian::big) {
    unsigned char* p = reinterpret_cast<unsigned char*>(&value);
    for (size_t i = 0; i < sizeof(T) / 2; ++i) {
      std::swap(p[i], p[sizeof(T) - 1 - i]);
    }
  }
  return value;
}

template <Scalar T>
inline void store_little_endian(void* bytes, T value) noexcept {
  if constexpr (std::endian::native == std::endian::big) {
    value = load_little_endian<T>(&value);
  }
  std::memcpy(bytes, &value, sizeof(T));
}

/// Reads one value after the other. Once a read goes past the end, it and all later ones give
/// zeroes or nothing, and failed() stays true: check it once, after a group of reads.
class LittleEndianReader {
 public:
  explicit LittleEndianReader(std::span<const std::byte> bytes) noexcept : bytes_(bytes) {}

  template <Scalar T>
  [[nodiscard]] T read() noexcept {
    const std::span<const std::byte> taken = take(sizeof(T));
    return taken.empty() ? T{} : load_little_endian<T>(taken.data());
  }
  /// A view of the next `count` bytes.
  [[nodiscard]] std::span<const std::byte> take(size_t count) noexcept {
    if (failed_ || count > remaining()) {
      failed_ = true;
      return {};
    }
    const auto taken = bytes_.subspan(position_, count);
    position_ += count;
    return taken;
  }
  void skip(size_t count) noexcept { static_cast<void>(take(count)); }
  [[nodiscard]] std::string_view take_text(size_t count) noexcept {
    const auto taken = take(count);
    return {reinterpret_cast<const char*>(taken.data()), taken.size()};
  }

  [[nodiscard]] bool failed() const noexcept { return failed_; }
  [[nodiscard]] size_t position() const noexcept { return position_; }
  [[nodiscard]] size_t remaining() const noexcept { return bytes_.size() - position_; }

 private:
  std::span<const std::byte> bytes_;
  size_t position_ = 0;
  bool failed_ = false;
};

/// Appends to a buffer it does not own.
class LittleEndianWriter {
 public:
  explicit LittleEndianWriter(std::vector<std::byte>& out) noexcept : out_(out) {}

  template <Scalar T>
  void write(T value) {
    const size_t at = out_.size();
    out_.resize(at + sizeof(T));
    store_little_endian(out_.data() + at, value);
  }
  void write_bytes(std::span<const std::byte> bytes) {
    out_.insert(out_.end(), bytes.begin(), bytes.end());
  }
  void write_text(std::string_view text) {
    write_bytes(std::as_bytes(std::span(text.data(), text.size())));
  }
  /// Zeroes up to the next multiple of `alignment`, a power of two.
  void pad_to(size_t alignment) {
    RM_DCHECK(std::has_single_bit(alignment));
    out_.resize((out_.size() + alignment - 1) & ~(alignment - 1));
  }
  [[nodiscard]] size_t size() const noexcept { return out_.size(); }

 private:
  std::vector<std::byte>& out_;
};

}  // namespace ringmaker::wire
