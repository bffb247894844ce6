// Completion: one thing that has happened, as every backend reports it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace ringmaker::io {

/// A connected socket owned by a backend: a small index, reused after kClosed.
using StreamId = uint32_t;
inline constexpr StreamId kNoStream = UINT32_MAX;

/// A receive buffer lent with a completion; given back exactly once with Backend::return_buffer.
using BufferId = uint32_t;
inline constexpr BufferId kNoBuffer = UINT32_MAX;

enum class CompletionKind : uint8_t {
  kAccepted,  // result: the new descriptor, owned by the receiver, fit for add_stream
  kReceived,  // result > 0: bytes in `bytes`, lent buffer; 0: the peer has finished sending;
              // < 0: -errno, the stream is broken. After <= 0 no more kReceived comes.
  kSent,      // result > 0: bytes the kernel took, perhaps fewer than asked; < 0: -errno
  kClosed,    // the stream is gone, its id may be reused; always the last of a stream
  kWoken,     // somebody called notify(); several calls may be reported once
};

struct Completion {
  CompletionKind kind = CompletionKind::kWoken;
  StreamId stream = kNoStream;
  int32_t result = 0;
  BufferId buffer = kNoBuffer;
  std::span<const char> bytes;  // valid until return_buffer(buffer)
};

}  // namespace ringmaker::io
