#include "io/uring_features.h"

#include "base/thread.h"

#include <liburing.h>
#include <sys/mman.h>

#include <cerrno>
#include <chrono>
#include <future>

namespace ringmaker::io {
namespace {

constexpr unsigned kEntries = 4;

bool ring_with(unsigned flags) {
  io_uring ring{};
  if (::io_uring_queue_init(kEntries, &ring, flags) != 0) {
    return false;
  }
  ::io_uring_queue_exit(&ring);
  return true;
}

bool takes_buffer_ring(io_uring& ring) {
  constexpr size_t kBytes = kEntries * sizeof(io_uring_buf);
  void* memory =
      ::mmap(nullptr, kBytes, PROT_READ | PROT_WRITE, MAP_ANONYMOUS | MAP_PRIVATE, -1, 0);
  if (memory == MAP_FAILED) {
    return false;
  }
  io_uring_buf_reg registration{};
  registration.ring_addr = reinterpret_cast<uint64_t>(memory);
  registration.ring_entries = kEntries;
  const bool taken = ::io_uring_register_buf_ring(&ring, &registration, 0) == 0;
  if (taken) {
    ::io_uring_unregister_buf_ring(&ring, 0);
  }
  ::munmap(memory, kBytes);
  return taken;
}

bool knows(const io_uring_probe* probe, int operation) {
  return probe != nullptr && ::io_uring_opcode_supported(probe, operation) != 0;
}

UringReport examine() {
  UringReport report;
  io_uring ring{};
  if (const int result = ::io_uring_queue_init(kEntries, &ring, 0); result < 0) {
    report.refusal = -result;
    return report;
  }
  io_uring_probe* probe = ::io_uring_get_probe_ring(&ring);
  report.features = {
      {"accept", knows(probe, IORING_OP_ACCEPT)},
      {"receive", knows(probe, IORING_OP_RECV)},
      {"send", knows(probe, IORING_OP_SEND)},
      {"cancel", knows(probe, IORING_OP_ASYNC_CANCEL)},
      {"nodrop", (ring.features & IORING_FEAT_NODROP) != 0},
      {"ext_arg", (ring.features & IORING_FEAT_EXT_ARG) != 0},
      {"buffer_ring", takes_buffer_ring(ring)},
      {"coop_taskrun", ring_with(IORING_SETUP_COOP_TASKRUN)},
      {"single_issuer", ring_with(IORING_SETUP_SINGLE_ISSUER)},
      {"defer_taskrun", ring_with(IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN)},
  };
  if (probe != nullptr) {
    ::io_uring_free_probe(probe);
  }
  ::io_uring_queue_exit(&ring);
  return report;
}

}  // namespace

UringReport examine_uring() {
  std::promise<UringReport> promise;
  std::future<UringReport> future = promise.get_future();
  // Some kernels hang in the calls themselves: then the thread is left behind.
  auto thread = base::start_thread(
      [promise = std::move(promise)]() mutable { promise.set_value(examine()); });
  if (!thread) {
    return {.refusal = EAGAIN, .features = {}};
  }
  thread->detach();
  if (future.wait_for(std::chrono::seconds(2)) != std::future_status::ready) {
    return {.refusal = -1, .features = {}};
  }
  return future.get();
}

}  // namespace ringmaker::io
