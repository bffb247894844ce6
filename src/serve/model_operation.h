// ModelOperation: a load or an unload that somebody has asked for, and what came of it.
#pragma once

#include "http/exchange.h"

#include <cstddef>
#include <cstdint>
#include <string>

namespace ringmaker::serve {

/// Made by a shard, worked on by the keeper, answered by the same shard: it is in one hand at a
/// time, and the mailboxes between them order what is written.
struct ModelOperation {
  enum class Kind : uint8_t { kLoad, kUnload };

  Kind kind = Kind::kLoad;
  std::string name;
  std::string url;   // of a load
  size_t shard = 0;  // whose mailbox gets the answer
  /// The shard's alone: null once the peer has gone. The operation goes on without it.
  http::Exchange* exchange = nullptr;

  int status = 0;        // of the answer
  std::string sentence;  // what went wrong
};

}  // namespace ringmaker::serve
