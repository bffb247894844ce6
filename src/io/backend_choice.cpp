#include "io/backend_choice.h"

#include "base/thread.h"
#include "io/epoll_backend.h"
#include "io/uring_backend.h"

#include <fmt/core.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <future>

namespace ringmaker::io {
namespace {

constexpr uint64_t kStepNs = base::kNanosecondsPerSecond;

/// Waits for one completion of `kind`; false when it does not come within a second.
bool await(Backend& backend, CompletionKind kind, const base::Clock& clock) {
  const uint64_t deadline = clock.now_ns() + kStepNs;
  while (clock.now_ns() < deadline) {
    bool seen = false;
    for (const Completion& completion : backend.wait(kStepNs / 10)) {
      seen |= completion.kind == kind && completion.result >= 0;
      if (completion.buffer != kNoBuffer) {
        backend.return_buffer(completion.buffer);
      }
    }
    if (seen) {
      return true;
    }
  }
  return false;
}

/// Uses a small ring for all that serving needs; the error says what failed.
base::Result<void> try_uring() {
  const base::SystemClock clock;
  const BackendOptions options{.streams_max = 4, .buffer_count = 4, .buffer_bytes = 4096};
  RM_ASSIGN(auto backend, UringBackend::create(clock, options));
  backend->notify();
  if (!await(*backend, CompletionKind::kWoken, clock)) {
    return base::fail(base::ErrorCode::kPlatform, "a read did not complete");
  }
  std::array<int, 2> pair{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair.data()) != 0) {
    return base::fail(base::system_error(errno, "cannot create a socket pair"));
  }
  const Descriptor peer(pair[1]);
  RM_ASSIGN(const StreamId stream, backend->add_stream(pair[0]));
  backend->start_receive(stream);
  // Twice, since the second shows that the receive is a multishot that works.
  for (int i = 0; i < 2; ++i) {
    if (::send(peer.get(), "x", 1, MSG_NOSIGNAL) != 1 ||
        !await(*backend, CompletionKind::kReceived, clock)) {
      return base::fail(base::ErrorCode::kPlatform, "a multishot receive did not complete");
    }
  }
  constexpr std::array<char, 1> kByte{'y'};
  backend->send(stream, kByte);
  if (!await(*backend, CompletionKind::kSent, clock)) {
    return base::fail(base::ErrorCode::kPlatform, "a send did not complete");
  }
  backend->close(stream);
  if (!await(*backend, CompletionKind::kClosed, clock)) {
    return base::fail(base::ErrorCode::kPlatform, "a cancellation did not complete");
  }
  return {};
}

/// try_uring() with an end: some kernels hang in the calls themselves.
base::Result<void> probe_uring() {
  std::promise<base::Result<void>> promise;
  std::future<base::Result<void>> future = promise.get_future();
  RM_ASSIGN(std::thread thread, base::start_thread([promise = std::move(promise)]() mutable {
              promise.set_value(try_uring());
            }));
  thread.detach();
  if (future.wait_for(std::chrono::seconds(2)) != std::future_status::ready) {
    return base::fail(base::ErrorCode::kPlatform, "it did not answer within 2 s");
  }
  return future.get();
}

std::string likely_cause(std::string_view message) {
  if (message.find("EPERM") != std::string_view::npos) {
    return ", most likely the container's seccomp profile";
  }
  if (message.find("ENOSYS") != std::string_view::npos) {
    return ", a kernel or sandbox without it";
  }
  return "";
}

std::string refusal(const base::Error& error) {
  return fmt::format("epoll (io_uring refused: {}{})", error.message(),
                     likely_cause(error.message()));
}

base::Error refused_by_name(const base::Error& error) {
  return {base::ErrorCode::kPlatform,
          fmt::format("io_uring was asked for but cannot be had: {}{}; use --io auto",
                      error.message(), likely_cause(error.message()))};
}

}  // namespace

base::Result<BackendChoice> choose_backend(std::string_view wanted) {
  if (wanted == "epoll") {
    return BackendChoice{BackendKind::kEpoll, "epoll (asked for)", true};
  }
  if (wanted != "auto" && wanted != "uring") {
    return base::fail(base::ErrorCode::kInvalidInput,
                      fmt::format("io is \"{}\"; it is one of auto, uring, epoll", wanted));
  }
  const base::Result<void> probed = probe_uring();
  const bool by_name = wanted == "uring";
  if (probed) {
    return BackendChoice{BackendKind::kUring, "io_uring", by_name};
  }
  if (by_name) {
    return base::fail(refused_by_name(probed.error()));
  }
  return BackendChoice{BackendKind::kEpoll, refusal(probed.error())};
}

base::Result<std::unique_ptr<Backend>> make_backend(BackendChoice& choice, const base::Clock& clock,
                                                    const BackendOptions& options) {
  if (choice.kind == BackendKind::kUring) {
    auto ring = UringBackend::create(clock, options);
    if (ring) {
      return std::move(*ring);
    }
    if (choice.by_name) {
      return base::fail(refused_by_name(ring.error()));
    }
    choice = {BackendKind::kEpoll, refusal(ring.error())};
  }
  RM_ASSIGN(auto epoll, EpollBackend::create(clock, options));
  return epoll;
}

}  // namespace ringmaker::io
