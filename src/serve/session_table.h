// SessionTable: which sessions are open, as one shard knows it.
//
// A shard gives places for the sessions that it opens itself, as long as the process may open more;
// what others have opened it believes their ids. That one was closed it is told, and remembers as
// the serial up to which a place's sessions are over: a place is used again, with a higher serial,
// once its session is closed or has expired. So whatever clients do, a table holds two numbers a
// place of its own and one of others'.
#pragma once

#include "serve/session_count.h"
#include "serve/session_id.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace ringmaker::serve {

struct SessionOptions {
  uint64_t lifetime_s = 1200;
  size_t shards = 1;
  base::SipKey key{};
};

/// Not thread-safe: one a shard. `open` is that of all shards, and must outlive it.
class SessionTable {
 public:
  static constexpr uint64_t kNever = UINT64_MAX;

  SessionTable(size_t shard, const SessionOptions& options, SessionCount& open);

  /// Nothing when as many are open as may be. `now_s`: seconds since 1970.
  [[nodiscard]] std::optional<Session> open(uint64_t now_s);
  /// The session of that id; nothing when there is none, or it is over.
  [[nodiscard]] std::optional<Session> find(std::string_view id, uint64_t now_s) const noexcept;
  /// Here it is over from now on; the others have to be told.
  void close(const Session& session);
  /// Those of its own that have expired are open no longer, and their places free.
  void free_expired(uint64_t now_s);
  /// Not before it one of its own expires.
  [[nodiscard]] uint64_t next_expiry_s() const noexcept { return next_expiry_s_; }
  [[nodiscard]] SessionId id_of(const Session& session) const noexcept {
    return {session, options_.key};
  }

 private:
  struct Place {
    uint32_t serial = 0;
    uint64_t expiry_s = 0;  // 0: free
  };

  void free(uint32_t slot);

  uint16_t shard_;
  SessionOptions options_;
  SessionCount& open_;
  std::vector<Place> places_;  // of its own; grows on need
  std::vector<uint32_t> free_;
  uint64_t next_expiry_s_ = kNever;
  std::vector<std::vector<uint32_t>> over_to_;  // by shard and slot: serials up to it are over
};

}  // namespace ringmaker::serve
