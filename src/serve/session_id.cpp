#include "serve/session_id.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <ctime>

namespace ringmaker::serve {
namespace {

constexpr size_t kPlainDigits = 30;
constexpr size_t kMacDigits = 16;

/// Takes a number of so many lower-case hexadecimal digits off the front.
template <class Number>
bool take_number(std::string_view& text, size_t digits, Number& number) noexcept {
  const std::string_view part = text.substr(0, digits);
  text.remove_prefix(digits);
  return std::from_chars(part.data(), part.data() + digits, number, 16).ptr == part.data() + digits;
}

}  // namespace

SessionId::SessionId(const Session& session, const base::SipKey& key) noexcept {
  static_assert(std::tuple_size_v<decltype(text_)> == kPlainDigits + kMacDigits);
  fmt::format_to(text_.data(), "{:04x}{:08x}{:08x}{:010x}", session.shard, session.slot,
                 session.serial, session.expiry_s);
  fmt::format_to(text_.data() + kPlainDigits, "{:016x}",
                 base::siphash(key, text().substr(0, kPlainDigits)));
}

std::optional<Session> parse_session_id(std::string_view text, const base::SipKey& key) noexcept {
  if (text.size() != kPlainDigits + kMacDigits) {
    return std::nullopt;
  }
  const std::string_view given = text;
  Session session;
  if (!take_number(text, 4, session.shard) || !take_number(text, 8, session.slot) ||
      !take_number(text, 8, session.serial) || !take_number(text, 10, session.expiry_s)) {
    return std::nullopt;
  }
  // Made anew, so that one session has one spelling.
  return SessionId(session, key).text() == given ? std::optional(session) : std::nullopt;
}

}  // namespace ringmaker::serve
