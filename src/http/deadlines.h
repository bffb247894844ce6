// Deadlines: when what last moved on a connection, and how long each may stand still.
//
// Plain arithmetic: the connection says what it waits for, this says until when. A deadline that
// moves on with progress is computed anew when its timer fires, so progress costs one store.
//
//   idle    from the end of the last request; while draining, from the beginning of the drain
//   head    from its first byte, absolute: bytes in between renew nothing
//   body    from its last byte, and an average rate that counts after a time of grace
//   send    from the last byte that the kernel took
//   linger  from the FIN
#pragma once

#include "http/limits.h"

#include <algorithm>
#include <cstdint>
#include <optional>

namespace ringmaker::http {

/// All in nanoseconds of the reactor's clock. `drain_begun_ns` is set while the server drains.
struct Deadlines {
  static constexpr uint64_t kNever = UINT64_MAX;

  uint64_t idle_since_ns = 0;
  uint64_t head_begun_ns = 0;
  uint64_t body_begun_ns = 0;
  uint64_t body_moved_ns = 0;
  uint64_t body_bytes = 0;  // received so far, never what was announced
  uint64_t send_moved_ns = 0;
  uint64_t linger_begun_ns = 0;

  using DrainBegun = std::optional<uint64_t>;

  [[nodiscard]] uint64_t idle(const Limits& limits, DrainBegun drain_begun_ns) const noexcept {
    return drain_begun_ns ? *drain_begun_ns + limits.drain_idle_ns : idle_since_ns + limits.idle_ns;
  }
  [[nodiscard]] uint64_t head(const Limits& limits, DrainBegun drain_begun_ns) const noexcept {
    return head_begun_ns + (drain_begun_ns ? limits.drain_silence_ns : limits.head_time_ns);
  }
  [[nodiscard]] uint64_t body(const Limits& limits, DrainBegun drain_begun_ns) const noexcept {
    const uint64_t silence = drain_begun_ns ? limits.drain_silence_ns : limits.body_silence_ns;
    const uint64_t earned =
        body_bytes * base::kNanosecondsPerSecond / limits.body_bytes_per_second_min;
    return std::min(body_moved_ns + silence,
                    body_begun_ns + std::max(limits.body_grace_ns, earned));
  }
  [[nodiscard]] uint64_t send(const Limits& limits, DrainBegun drain_begun_ns) const noexcept {
    return send_moved_ns + (drain_begun_ns ? limits.drain_silence_ns : limits.write_silence_ns);
  }
  [[nodiscard]] uint64_t linger(const Limits& limits) const noexcept {
    return linger_begun_ns + limits.linger_ns;
  }
};

}  // namespace ringmaker::http
