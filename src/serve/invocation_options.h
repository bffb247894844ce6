// InvocationOptions: how a shard treats the payloads that come to it.
#pragma once

#include "batch/micro_batcher.h"
#include "serve/access_log.h"
#include "serve/invocation_terms.h"

#include <cstdint>

namespace ringmaker::serve {

struct InvocationOptions {
  batch::BatchPolicy batch{};
  InvocationDefaults defaults{};
  /// A sentence in the answer stands for a record in error, where its format can hold one.
  bool mark_bad_records = false;
  bool error_detail_brief = false;
  AccessPolicy access{};
  /// Rows and scores of all large payloads together, and coded bodies with what inflates them;
  /// above it they are refused.
  uint64_t held_bytes_max = UINT64_MAX;
  /// The wait for earlier requests above which, where it lasts, newcomers are turned away; 0: none.
  uint64_t queue_ns_max = 0;
  /// From a request's last byte to its answer: who would have to wait longer is turned away.
  uint64_t deadline_ns = UINT64_MAX;
  /// What a coded body may inflate to.
  uint64_t inflated_bytes_max = uint64_t{1} << 30;

  /// Of a request whose last byte came at `now_ns`.
  [[nodiscard]] uint64_t deadline_after(uint64_t now_ns) const noexcept {
    return deadline_ns == UINT64_MAX ? UINT64_MAX : now_ns + deadline_ns;
  }
};

}  // namespace ringmaker::serve
