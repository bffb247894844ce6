// What RLIMIT_NOFILE allows: how many connections there may be beside what a server itself holds.
//
// Each shard has a listener, a ring or an epoll set, an event and a reserve; the rest is the
// process's own: standard streams, signals, files that are read. A server that could hold no
// connection would reset every peer, so it says so at start and ends.
#pragma once

#include "base/result.h"

#include <cstddef>
#include <cstdint>

namespace ringmaker::serve {

/// Descriptors that a server of `shards` shards keeps for itself.
[[nodiscard]] uint64_t descriptors_reserved(size_t shards) noexcept;
/// The least RLIMIT_NOFILE that leaves each shard a connection.
[[nodiscard]] uint64_t descriptors_min(size_t shards) noexcept;
/// How many connections fit under a limit of `descriptors`; kPlatform when none does.
[[nodiscard]] base::Result<uint64_t> connections_allowed(uint64_t descriptors, size_t shards);
/// Raises the soft limit, which is often 1024 for historical reasons, towards the hard one, which
/// is what is allowed. What it is then.
uint64_t raise_descriptor_limit() noexcept;

}  // namespace ringmaker::serve
