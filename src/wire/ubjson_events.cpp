#include "wire/ubjson_events.h"

#include "base/check.h"

#include <bit>
#include <concepts>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>

namespace ringmaker::wire {
namespace {

template <class T>
T load_big_endian(const std::byte* bytes) noexcept {
  using Bits = std::conditional_t<
      sizeof(T) == 1, uint8_t,
      std::conditional_t<sizeof(T) == 2, uint16_t,
                         std::conditional_t<sizeof(T) == 4, uint32_t, uint64_t>>>;
  Bits bits = 0;
  std::memcpy(&bits, bytes, sizeof(bits));
  if constexpr (std::endian::native == std::endian::little) {
    if constexpr (sizeof(T) == 2) {
      bits = __builtin_bswap16(bits);
    } else if constexpr (sizeof(T) == 4) {
      bits = __builtin_bswap32(bits);
    } else if constexpr (sizeof(T) == 8) {
      bits = __builtin_bswap64(bits);
    }
  }
  return std::bit_cast<T>(bits);
}

/// 0 for what is no number.
size_t number_bytes(char type) noexcept {
  switch (type) {
    case 'U':
    case 'i':
      return 1;
    case 'I':
      return 2;
    case 'l':
    case 'd':
      return 4;
    case 'L':
    case 'D':
      return 8;
    default:
      return 0;
  }
}

double number_of(char type, const std::byte* bytes) noexcept {
  switch (type) {
    case 'U':
      return load_big_endian<uint8_t>(bytes);
    case 'i':
      return load_big_endian<int8_t>(bytes);
    case 'I':
      return load_big_endian<int16_t>(bytes);
    case 'l':
      return load_big_endian<int32_t>(bytes);
    case 'L':
      return static_cast<double>(load_big_endian<int64_t>(bytes));
    case 'd':
      return static_cast<double>(load_big_endian<float>(bytes));
    default:
      return load_big_endian<double>(bytes);
  }
}

template <class Stored, class Value>
void append(const std::byte* bytes, size_t count, std::vector<Value>& values) {
  const size_t before = values.size();
  values.resize(before + count);
  Value* to = values.data() + before;
  for (size_t i = 0; i < count; ++i) {
    const auto stored = load_big_endian<Stored>(bytes + i * sizeof(Stored));
    to[i] = static_cast<Value>(stored);  // NOLINT(bugprone-signed-char-misuse): signed is meant
  }
}

class Walk {
 public:
  Walk(std::span<const std::byte> bytes, UbjsonHandler& handler)
      : bytes_(bytes), handler_(handler) {}

  JsonResult document() {
    const char type = marker();
    const bool whole = (type == '{' || type == '[') && value(type);
    if (!whole || at_ != bytes_.size()) {
      return {whole ? JsonOutcome::kSyntaxError : outcome_, at_};
    }
    return {};
  }

 private:
  [[nodiscard]] size_t left() const noexcept { return bytes_.size() - at_; }

  /// The next byte as a marker; 0 at the end. No-ops may stand anywhere.
  char marker() noexcept {
    while (at_ < bytes_.size()) {
      const char found = std::to_integer<char>(bytes_[at_++]);
      if (found != 'N') {
        return found;
      }
    }
    return '\0';
  }
  [[nodiscard]] char next() const noexcept {
    return at_ < bytes_.size() ? std::to_integer<char>(bytes_[at_]) : '\0';
  }

  std::optional<size_t> length(char type) noexcept {
    const size_t width = number_bytes(type);
    if (width == 0 || type == 'd' || type == 'D' || left() < width) {
      return std::nullopt;
    }
    const int64_t count = type == 'L' ? load_big_endian<int64_t>(&bytes_[at_])
                                      : static_cast<int64_t>(number_of(type, &bytes_[at_]));
    at_ += width;
    return count < 0 ? std::nullopt : std::optional(static_cast<size_t>(count));
  }

  std::optional<std::string_view> text(char length_type) noexcept {
    const auto size = length(length_type);
    if (!size || *size > left()) {
      return std::nullopt;
    }
    const std::string_view found(reinterpret_cast<const char*>(bytes_.data()) + at_, *size);
    at_ += *size;
    return found;
  }

  bool told(bool go_on) noexcept {
    if (!go_on) {
      outcome_ = JsonOutcome::kStopped;
    }
    return go_on;
  }

  // NOLINTNEXTLINE(misc-no-recursion): as deep as kDepthMax
  bool value(char type) {
    switch (type) {
      case '{':
        return nested([this] { return object(); });
      case '[':
        return nested([this] { return array(); });
      case 'S': {
        const auto found = text(marker());
        return found && told(handler_.on_string(*found));
      }
      case 'C': {
        if (left() == 0) {
          return false;
        }
        const std::string_view found(reinterpret_cast<const char*>(&bytes_[at_++]), 1);
        return told(handler_.on_string(found));
      }
      case 'T':
        return told(handler_.on_bool(true));
      case 'F':
        return told(handler_.on_bool(false));
      case 'Z':
        return told(handler_.on_null());
      default:
        return number(type);
    }
  }

  bool number(char type) {
    const size_t width = number_bytes(type);
    if (width == 0 || left() < width) {
      return false;
    }
    const double found = number_of(type, &bytes_[at_]);
    at_ += width;
    return told(handler_.on_number(found, {}));
  }

  bool numbers(char type, size_t count) {
    const size_t width = number_bytes(type);
    if (width == 0 || count > left() / width) {
      return false;
    }
    const UbjsonNumbers found(type, bytes_.subspan(at_, count * width));
    at_ += count * width;
    return told(handler_.on_numbers(found));
  }

  // NOLINTNEXTLINE(misc-no-recursion)
  bool nested(auto walk) {
    if (++depth_ > JsonEvents::kDepthMax) {
      outcome_ = JsonOutcome::kTooDeep;
      return false;
    }
    const bool whole = walk();
    --depth_;
    return whole;
  }

  // NOLINTNEXTLINE(misc-no-recursion)
  bool object() {
    if (!told(handler_.on_begin_object())) {
      return false;
    }
    for (char type = marker(); type != '}'; type = marker()) {
      const auto key = text(type);
      if (!key || !told(handler_.on_key(*key)) || !value(marker())) {
        return false;
      }
    }
    return told(handler_.on_end_object());
  }

  // NOLINTNEXTLINE(misc-no-recursion)
  bool array() {
    return told(handler_.on_begin_array()) && elements() && told(handler_.on_end_array());
  }

  // NOLINTNEXTLINE(misc-no-recursion)
  bool elements() {
    char type = '\0';
    if (next() == '$') {
      ++at_;
      type = marker();
    }
    if (next() == '#') {
      ++at_;
      const auto count = length(marker());
      return count && (type == '\0' ? counted(*count) : numbers(type, *count));
    }
    if (type != '\0') {
      return false;  // a type without a count
    }
    for (type = marker(); type != ']'; type = marker()) {
      if (!value(type)) {
        return false;
      }
    }
    return true;
  }

  // NOLINTNEXTLINE(misc-no-recursion)
  bool counted(size_t count) {
    for (size_t i = 0; i < count; ++i) {
      if (!value(marker())) {
        return false;
      }
    }
    return true;
  }

  std::span<const std::byte> bytes_;
  UbjsonHandler& handler_;
  size_t at_ = 0;
  size_t depth_ = 0;
  JsonOutcome outcome_ = JsonOutcome::kSyntaxError;
};

}  // namespace

UbjsonNumbers::UbjsonNumbers(char type, std::span<const std::byte> bytes) noexcept
    : type_(type), bytes_(bytes.data()), width_(number_bytes(type)), size_(bytes.size() / width_) {}

double UbjsonNumbers::operator[](size_t i) const noexcept {
  return number_of(type_, bytes_ + i * width_);
}

bool UbjsonNumbers::are_int32() const noexcept {
  return type_ == 'U' || type_ == 'i' || type_ == 'I' || type_ == 'l';
}

void UbjsonNumbers::append_to(std::vector<float>& values) const {
  if (type_ == 'd') {
    append<float>(bytes_, size_, values);
    return;
  }
  for (size_t i = 0; i < size_; ++i) {
    values.push_back(static_cast<float>((*this)[i]));
  }
}

void UbjsonNumbers::append_to(std::vector<int32_t>& values) const {
  RM_DCHECK(are_int32());
  switch (type_) {
    case 'U':
      return append<uint8_t>(bytes_, size_, values);
    case 'i':
      return append<int8_t>(bytes_, size_, values);
    case 'I':
      return append<int16_t>(bytes_, size_, values);
    default:
      return append<int32_t>(bytes_, size_, values);
  }
}

JsonResult parse_ubjson(std::span<const std::byte> bytes, UbjsonHandler& handler) {
  return Walk(bytes, handler).document();
}

}  // namespace ringmaker::wire
