// BackendChoice: which backend this process uses, and why.
//
// io_uring is tried by doing, never by comparing versions: container profiles refuse any of its
// system calls, old kernels lack features, some kernels hang. Whatever happens, epoll remains.
#pragma once

#include "base/clock.h"
#include "base/result.h"
#include "io/backend.h"

#include <memory>
#include <string>
#include <string_view>

namespace ringmaker::io {

enum class BackendKind : uint8_t { kUring, kEpoll };

struct BackendChoice {
  BackendKind kind = BackendKind::kEpoll;
  /// For the start line: "io_uring", "epoll (asked for)", "epoll (io_uring refused: ...)".
  std::string description;
  /// Asked for by its name: nothing else will do.
  bool by_name = false;
};

/// `wanted` is auto, uring or epoll. "uring" where it is refused is an error, since it was asked
/// for by name; "auto" takes epoll and says why.
[[nodiscard]] base::Result<BackendChoice> choose_backend(std::string_view wanted);

/// Builds the chosen backend, on the thread that will use it. If a ring that could be had before
/// cannot be had now (a limit was reached), that is an error where it was asked for by name;
/// otherwise epoll is built and `choice` says so.
[[nodiscard]] base::Result<std::unique_ptr<Backend>> make_backend(BackendChoice& choice,
                                                                  const base::Clock& clock,
                                                                  const BackendOptions& options);

}  // namespace ringmaker::io
