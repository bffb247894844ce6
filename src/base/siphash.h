// SipHash-2-4 (Aumasson and Bernstein, 2012): a keyed hash of short texts, of which nobody without
// the key can make one that fits.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace ringmaker::base {

using SipKey = std::array<uint64_t, 2>;

[[nodiscard]] uint64_t siphash(const SipKey& key, std::string_view text) noexcept;

/// A key that nobody knows, from the kernel.
[[nodiscard]] SipKey random_sip_key();

}  // namespace ringmaker::base
