#include "bench/latency/bare_responder.h"
#include "bench/latency/request_counter.h"

#include <liburing.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <vector>

namespace ringmaker::latency {
namespace {

constexpr unsigned kEntries = 4096;
constexpr unsigned kBufferCount = 64;
constexpr size_t kBufferBytes = 64 * 1024;

enum class Operation : uint64_t { kAccept, kReceive, kSend, kClose };

uint64_t tag(Operation operation, int descriptor) {
  return static_cast<uint64_t>(operation) << 32 | static_cast<uint32_t>(descriptor);
}

class UringResponder {
 public:
  UringResponder(const ResponderOptions& options, int listener)
      : options_(options),
        answers_(repeated_answer(options.answer)),
        listener_(listener),
        counters_(kDescriptorsMax) {}
  UringResponder(const UringResponder&) = delete;
  UringResponder& operator=(const UringResponder&) = delete;
  ~UringResponder();

  base::Result<void> open();
  void run(const volatile sig_atomic_t* stop);

 private:
  base::Result<void> open_buffers();
  io_uring_sqe* entry();
  void arm_accept();
  void arm_receive(int descriptor);
  void answer(int descriptor, size_t due);
  void on_accepted(const io_uring_cqe& cqe);
  void on_received(int descriptor, const io_uring_cqe& cqe);
  char* buffer(unsigned id) { return buffer_base_ + id * kBufferBytes; }

  const ResponderOptions& options_;
  std::string answers_;
  int listener_;
  bool ring_open_ = false;
  io_uring ring_{};
  io_uring_buf_ring* buffer_ring_ = nullptr;
  char* buffer_base_ = nullptr;
  int returned_ = 0;  // buffers added to the ring but not yet shown to the kernel
  std::vector<RequestCounter> counters_;  // by descriptor
};

UringResponder::~UringResponder() {
  if (ring_open_) {
    io_uring_queue_exit(&ring_);
  }
  if (buffer_ring_ != nullptr) {
    munmap(buffer_ring_, kBufferCount * sizeof(io_uring_buf));
  }
  if (buffer_base_ != nullptr) {
    munmap(buffer_base_, kBufferCount * kBufferBytes);
  }
}

base::Result<void> UringResponder::open() {
  io_uring_params params{};
  params.flags = IORING_SETUP_CQSIZE | IORING_SETUP_CLAMP | IORING_SETUP_SINGLE_ISSUER |
                 IORING_SETUP_DEFER_TASKRUN;
  params.cq_entries = kEntries * 4;
  int result = io_uring_queue_init_params(kEntries, &ring_, &params);
  if (result < 0) {
    return base::fail(base::system_error(-result, "setting up an io_uring"));
  }
  ring_open_ = true;
  (void)io_uring_register_ring_fd(&ring_);
  return open_buffers();
}

base::Result<void> UringResponder::open_buffers() {
  void* ring_memory = mmap(nullptr, kBufferCount * sizeof(io_uring_buf), PROT_READ | PROT_WRITE,
                           MAP_ANONYMOUS | MAP_PRIVATE, -1, 0);
  void* memory = mmap(nullptr, kBufferCount * kBufferBytes, PROT_READ | PROT_WRITE,
                      MAP_ANONYMOUS | MAP_PRIVATE, -1, 0);
  if (ring_memory == MAP_FAILED || memory == MAP_FAILED) {
    return base::fail(base::system_error(errno, "mapping receive buffers"));
  }
  buffer_ring_ = static_cast<io_uring_buf_ring*>(ring_memory);
  buffer_base_ = static_cast<char*>(memory);
  io_uring_buf_reg registration{};
  registration.ring_addr = reinterpret_cast<uint64_t>(buffer_ring_);
  registration.ring_entries = kBufferCount;
  int result = io_uring_register_buf_ring(&ring_, &registration, 0);
  if (result < 0) {
    return base::fail(base::system_error(-result, "registering receive buffers"));
  }
  io_uring_buf_ring_init(buffer_ring_);
  for (unsigned id = 0; id < kBufferCount; ++id) {
    io_uring_buf_ring_add(buffer_ring_, buffer(id), kBufferBytes, static_cast<uint16_t>(id),
                          io_uring_buf_ring_mask(kBufferCount), static_cast<int>(id));
  }
  io_uring_buf_ring_advance(buffer_ring_, kBufferCount);
  return {};
}

io_uring_sqe* UringResponder::entry() {
  io_uring_sqe* sqe = io_uring_get_sqe(&ring_);
  while (sqe == nullptr) {
    io_uring_submit(&ring_);
    sqe = io_uring_get_sqe(&ring_);
  }
  return sqe;
}

void UringResponder::arm_accept() {
  io_uring_sqe* sqe = entry();
  io_uring_prep_multishot_accept(sqe, listener_, nullptr, nullptr, 0);
  sqe->user_data = tag(Operation::kAccept, listener_);
}

void UringResponder::arm_receive(int descriptor) {
  io_uring_sqe* sqe = entry();
  io_uring_prep_recv_multishot(sqe, descriptor, nullptr, 0, 0);
  sqe->flags |= IOSQE_BUFFER_SELECT;
  sqe->buf_group = 0;
  sqe->user_data = tag(Operation::kReceive, descriptor);
}

void UringResponder::answer(int descriptor, size_t due) {
  while (due > 0) {
    size_t together = std::min(due, kAnswersTogether);
    io_uring_sqe* sqe = entry();
    io_uring_prep_send(sqe, descriptor, answers_.data(), together * options_.answer.size(),
                       MSG_NOSIGNAL | MSG_WAITALL);
    sqe->flags |= IOSQE_CQE_SKIP_SUCCESS;
    sqe->user_data = tag(Operation::kSend, descriptor);
    due -= together;
  }
}

void UringResponder::on_accepted(const io_uring_cqe& cqe) {
  if (cqe.res >= 0) {
    counters_.at(static_cast<size_t>(cqe.res)) = RequestCounter(options_.request_bytes);
    arm_receive(cqe.res);
  }
  if ((cqe.flags & IORING_CQE_F_MORE) == 0) {
    arm_accept();
  }
}

void UringResponder::on_received(int descriptor, const io_uring_cqe& cqe) {
  if (cqe.res > 0) {
    unsigned id = cqe.flags >> IORING_CQE_BUFFER_SHIFT;
    std::string_view bytes(buffer(id), static_cast<size_t>(cqe.res));
    answer(descriptor, counters_[static_cast<size_t>(descriptor)].count(bytes));
    io_uring_buf_ring_add(buffer_ring_, buffer(id), kBufferBytes, static_cast<uint16_t>(id),
                          io_uring_buf_ring_mask(kBufferCount), returned_++);
    if ((cqe.flags & IORING_CQE_F_MORE) == 0) {
      arm_receive(descriptor);
    }
  } else if (cqe.res == -ENOBUFS) {
    arm_receive(descriptor);
  } else {
    io_uring_sqe* sqe = entry();
    io_uring_prep_close(sqe, descriptor);
    sqe->user_data = tag(Operation::kClose, descriptor);
  }
}

void UringResponder::run(const volatile sig_atomic_t* stop) {
  arm_accept();
  Spin spin(options_.spin_us);
  while (*stop == 0) {
    spin.polls() ? io_uring_submit_and_get_events(&ring_) : io_uring_submit_and_wait(&ring_, 1);
    unsigned head = 0;
    unsigned seen = 0;
    io_uring_cqe* cqe = nullptr;
    io_uring_for_each_cqe(&ring_, head, cqe) {
      ++seen;
      int descriptor = static_cast<int>(cqe->user_data & UINT32_MAX);
      Operation operation{cqe->user_data >> 32};
      if (operation == Operation::kReceive) {
        on_received(descriptor, *cqe);
      } else if (operation == Operation::kAccept) {
        on_accepted(*cqe);
      }
    }
    if (seen > 0) {
      spin.on_event();
    }
    if (returned_ > 0) {
      io_uring_buf_ring_advance(buffer_ring_, returned_);
      returned_ = 0;
    }
    io_uring_cq_advance(&ring_, seen);
  }
}

}  // namespace

base::Result<void> respond_with_uring(const ResponderOptions& options,
                                      const volatile sig_atomic_t* stop) {
  RM_ASSIGN(int listener, listen_loopback(options.port, 0));
  UringResponder responder(options, listener);
  auto opened = responder.open();
  if (opened) {
    responder.run(stop);
  }
  ::close(listener);
  return opened;
}

}  // namespace ringmaker::latency
