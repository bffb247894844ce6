#include "http/sha1.h"

#include <bit>
#include <cstddef>
#include <span>

namespace ringmaker::http {
namespace {

constexpr size_t kBlockBytes = 64;
using State = std::array<uint32_t, 5>;
using Block = std::array<uint8_t, kBlockBytes>;

uint32_t mixed(size_t round, uint32_t b, uint32_t c, uint32_t d) noexcept {
  switch (round / 20) {
    case 0:
      return ((b & c) | (~b & d)) + 0x5A82'7999;
    case 1:
      return (b ^ c ^ d) + 0x6ED9'EBA1;
    case 2:
      return ((b & c) | (b & d) | (c & d)) + 0x8F1B'BCDC;
    default:
      return (b ^ c ^ d) + 0xCA62'C1D6;
  }
}

void add_block(State& state, const Block& block) noexcept {
  std::array<uint32_t, 80> words{};
  for (size_t i = 0; i < 16; ++i) {
    for (size_t byte = 0; byte < 4; ++byte) {
      words[i] = words[i] << 8U | block[4 * i + byte];
    }
  }
  for (size_t i = 16; i < words.size(); ++i) {
    words[i] = std::rotl(words[i - 3] ^ words[i - 8] ^ words[i - 14] ^ words[i - 16], 1);
  }
  auto [a, b, c, d, e] = state;
  for (size_t i = 0; i < words.size(); ++i) {
    const uint32_t next = std::rotl(a, 5) + mixed(i, b, c, d) + e + words[i];
    e = d;
    d = c;
    c = std::rotl(b, 30);
    b = a;
    a = next;
  }
  state[0] += a;
  state[1] += b;
  state[2] += c;
  state[3] += d;
  state[4] += e;
}

}  // namespace

std::array<uint8_t, 20> sha1(std::string_view text) noexcept {
  State state{0x6745'2301, 0xEFCD'AB89, 0x98BA'DCFE, 0x1032'5476, 0xC3D2'E1F0};
  const uint64_t bits = uint64_t{text.size()} * 8;
  Block block{};
  size_t filled = 0;
  const auto add = [&](uint8_t byte) {
    block[filled++] = byte;
    if (filled == block.size()) {
      add_block(state, block);
      filled = 0;
    }
  };
  for (const char c : text) {
    add(static_cast<uint8_t>(c));
  }
  add(0x80);
  while (filled != kBlockBytes - 8) {
    add(0);
  }
  for (int shift = 56; shift >= 0; shift -= 8) {
    add(static_cast<uint8_t>(bits >> static_cast<unsigned>(shift)));
  }
  std::array<uint8_t, 20> digest{};
  for (size_t i = 0; i < digest.size(); ++i) {
    digest[i] = static_cast<uint8_t>(state[i / 4] >> (24 - 8 * (i % 4)));
  }
  return digest;
}

}  // namespace ringmaker::http
