#include "bench/latency/bare_responder.h"
#include "bench/latency/request_counter.h"

#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <vector>

namespace ringmaker::latency {
namespace {

class EpollResponder {
 public:
  EpollResponder(const ResponderOptions& options, int listener, int epoll)
      : options_(options),
        answers_(repeated_answer(options.answer)),
        listener_(listener),
        epoll_(epoll),
        counters_(kDescriptorsMax) {}

  void run(const volatile sig_atomic_t* stop) {
    watch(listener_);
    Spin spin(options_.spin_us);
    while (*stop == 0) {
      int ready = epoll_wait(epoll_, events_.data(), static_cast<int>(events_.size()),
                             spin.polls() ? 0 : -1);
      if (ready > 0) {
        spin.on_event();
      }
      for (int i = 0; i < ready; ++i) {
        int descriptor = events_[static_cast<size_t>(i)].data.fd;
        descriptor == listener_ ? accept_all() : receive(descriptor);
      }
    }
  }

 private:
  void watch(int descriptor) {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.fd = descriptor;
    epoll_ctl(epoll_, EPOLL_CTL_ADD, descriptor, &event);
  }

  void accept_all() {
    int accepted = -1;
    while ((accepted = accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK)) >= 0) {
      counters_.at(static_cast<size_t>(accepted)) = RequestCounter(options_.request_bytes);
      watch(accepted);
    }
  }

  void receive(int descriptor) {
    ssize_t got = recv(descriptor, buffer_.data(), buffer_.size(), 0);
    if (got <= 0) {
      if (got == 0 || errno != EAGAIN) {
        ::close(descriptor);
      }
      return;
    }
    size_t due = counters_[static_cast<size_t>(descriptor)].count(
        std::string_view(buffer_.data(), static_cast<size_t>(got)));
    while (due > 0) {
      size_t together = std::min(due, kAnswersTogether);
      (void)send(descriptor, answers_.data(), together * options_.answer.size(), MSG_NOSIGNAL);
      due -= together;
    }
  }

  const ResponderOptions& options_;
  std::string answers_;
  int listener_;
  int epoll_;
  std::vector<RequestCounter> counters_;  // by descriptor
  std::vector<char> buffer_ = std::vector<char>(64 * 1024);
  std::array<epoll_event, 1024> events_{};
};

}  // namespace

base::Result<void> respond_with_epoll(const ResponderOptions& options,
                                      const volatile sig_atomic_t* stop) {
  RM_ASSIGN(int listener, listen_loopback(options.port, SOCK_NONBLOCK));
  int epoll = epoll_create1(EPOLL_CLOEXEC);
  if (epoll < 0) {
    return base::fail(base::system_error(errno, "epoll_create1"));
  }
  EpollResponder(options, listener, epoll).run(stop);
  ::close(epoll);
  ::close(listener);
  return {};
}

}  // namespace ringmaker::latency
