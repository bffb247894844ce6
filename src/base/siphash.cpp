#include "base/siphash.h"

#include "base/check.h"

#include <sys/random.h>

#include <bit>
#include <cerrno>
#include <cstddef>

namespace ringmaker::base {
namespace {

struct State {
  uint64_t a;
  uint64_t b;
  uint64_t c;
  uint64_t d;

  void round() noexcept {
    a += b;
    b = std::rotl(b, 13) ^ a;
    a = std::rotl(a, 32);
    c += d;
    d = std::rotl(d, 16) ^ c;
    a += d;
    d = std::rotl(d, 21) ^ a;
    c += b;
    b = std::rotl(b, 17) ^ c;
    c = std::rotl(c, 32);
  }
  void take(uint64_t word) noexcept {
    d ^= word;
    round();
    round();
    a ^= word;
  }
};

/// The bytes from `at` on, at most eight, the first lowest.
uint64_t word_at(std::string_view text, size_t at) noexcept {
  uint64_t word = 0;
  for (size_t i = 0; i < 8 && at + i < text.size(); ++i) {
    word |= uint64_t{static_cast<uint8_t>(text[at + i])} << (8 * i);
  }
  return word;
}

}  // namespace

uint64_t siphash(const SipKey& key, std::string_view text) noexcept {
  State state{key[0] ^ 0x736F'6D65'7073'6575, key[1] ^ 0x646F'7261'6E64'6F6D,
              key[0] ^ 0x6C79'6765'6E65'7261, key[1] ^ 0x7465'6462'7974'6573};
  size_t at = 0;
  for (; text.size() - at >= 8; at += 8) {
    state.take(word_at(text, at));
  }
  state.take(word_at(text, at) | uint64_t{text.size() & 0xFFU} << 56U);
  state.c ^= 0xFF;
  for (int i = 0; i < 4; ++i) {
    state.round();
  }
  return state.a ^ state.b ^ state.c ^ state.d;
}

SipKey random_sip_key() {
  SipKey key{};
  ssize_t got = 0;
  do {
    got = ::getrandom(key.data(), sizeof key, 0);
  } while (got < 0 && errno == EINTR);
  RM_CHECK(got == static_cast<ssize_t>(sizeof key));  // so few bytes come whole or not at all
  return key;
}

}  // namespace ringmaker::base
