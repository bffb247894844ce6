// SessionId: what a session is called, so that every shard can tell it without asking another.
//
//   shard slot serial expiry mac    4, 8, 8, 10 and 16 hexadecimal digits
//
// The shard is that which opened it, the slot one of that shard's places for sessions, the serial
// how often the slot has been used; the expiry counts seconds since 1970. The rest is a keyed hash
// (SipHash-2-4) of them, with a key that is drawn when the server starts: an id that was not made
// by this process does not fit.
#pragma once

#include "base/siphash.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace ringmaker::serve {

struct Session {
  uint16_t shard = 0;
  uint32_t slot = 0;
  uint32_t serial = 0;    // from 1
  uint64_t expiry_s = 0;  // it is over at this second; below 2^40
};

class SessionId {
 public:
  SessionId(const Session& session, const base::SipKey& key) noexcept;
  [[nodiscard]] std::string_view text() const noexcept { return {text_.data(), text_.size()}; }

 private:
  std::array<char, 46> text_;
};

/// Nothing when `text` is no id that was made with this key.
[[nodiscard]] std::optional<Session> parse_session_id(std::string_view text,
                                                      const base::SipKey& key) noexcept;

}  // namespace ringmaker::serve
