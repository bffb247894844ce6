#include "wire/json_number.h"

#include "wire/plain_number.h"

#include <fast_float/fast_float.h>

#include <algorithm>

namespace ringmaker::wire {
namespace {

/// Takes digits off the front; false: there is none.
bool skip_digits(std::string_view& text) noexcept {
  const size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
  text.remove_prefix(digits);
  return digits > 0;
}

bool is_number(std::string_view text) noexcept {
  if (text.starts_with('-')) {
    text.remove_prefix(1);
  }
  if (text.starts_with('0')) {
    text.remove_prefix(1);
  } else if (!skip_digits(text)) {
    return false;
  }
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    if (!skip_digits(text)) {
      return false;
    }
  }
  if (text.starts_with('e') || text.starts_with('E')) {
    text.remove_prefix(1);
    if (text.starts_with('-') || text.starts_with('+')) {
      text.remove_prefix(1);
    }
    return skip_digits(text) && text.empty();
  }
  return text.empty();
}

}  // namespace

std::optional<double> parse_json_number(std::string_view token) noexcept {
  double value = 0;
  const char* const end = token.data() + token.size();
  if (scan_plain(token.data(), end, value) == end) {
    return value;
  }
  if (!is_number(token)) {
    return std::nullopt;
  }
  static_cast<void>(fast_float::from_chars(token.data(), end, value));
  return value;
}

}  // namespace ringmaker::wire
