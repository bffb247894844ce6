// AnswerQueue: the requests in hand of one connection, in order, and the bytes of their answers on
// their way out.
//
//   answer to the front ─────────────────────┐
//   answer to a later one ──▶ held by it ────┴─▶ ready ──one send──▶ in flight ──▶ peer
//                              until its turn
//
// Invariants: bytes leave in the order of the requests, whatever order they are given in; at most
// one send is in flight, and its bytes do not change until the kernel has taken them all.
#pragma once

#include "http/exchange_pool.h"
#include "http/limits.h"
#include "io/reactor.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

namespace ringmaker::http {

class AnswerQueue {
 public:
  AnswerQueue() = default;
  AnswerQueue(const AnswerQueue&) = delete;
  AnswerQueue& operator=(const AnswerQueue&) = delete;

  /// Requires empty(). Pool and reactor outlive it.
  void open(ExchangePool& pool, io::Reactor& reactor, io::StreamId stream) noexcept;

  // Requests in hand
  [[nodiscard]] bool empty() const noexcept { return count_ == 0; }
  [[nodiscard]] size_t size() const noexcept { return count_; }
  /// Require !empty().
  [[nodiscard]] ConnectionExchange& front() noexcept { return *exchanges_[first_]; }
  [[nodiscard]] ConnectionExchange& back() noexcept {
    return *exchanges_[(first_ + count_ - 1) % exchanges_.size()];
  }
  [[nodiscard]] bool is_last(const ConnectionExchange& exchange) noexcept {
    return count_ > 0 && &back() == &exchange;
  }
  void push(ConnectionExchange& exchange) noexcept;
  ConnectionExchange& pop_front() noexcept;
  ConnectionExchange& pop_back() noexcept;

  // Bytes
  /// Where the answer of `exchange` is to be appended.
  [[nodiscard]] std::string& sink(ConnectionExchange& exchange) noexcept;
  /// The answer of `exchange`, which is in hand, is complete. All that are so and whose turn it is
  /// leave the front and give their exchange back; what the next one has held becomes ready.
  void complete(ConnectionExchange& exchange);
  /// Ready or in flight.
  [[nodiscard]] size_t queued_bytes() const noexcept {
    return ready_.size() + (in_flight_.size() - sent_);
  }
  [[nodiscard]] bool bytes_ready() const noexcept { return !ready_.empty(); }
  [[nodiscard]] bool sending() const noexcept { return sending_; }
  [[nodiscard]] bool all_sent() const noexcept { return !sending_ && ready_.empty(); }
  /// Sends what is ready unless a send is in flight. True if one has begun.
  bool send_ready();
  /// When the send that is in flight, or was the last, began.
  [[nodiscard]] uint64_t send_begun_ns() const noexcept { return send_begun_ns_; }
  /// After a send that took `bytes`: sends the rest. True when there is none.
  bool on_sent(size_t bytes);

  /// The connection closes: nothing more is begun. What is in flight stays where it is, because the
  /// kernel may still read it, until on_closed().
  void drop_ready() noexcept;
  void on_closed() noexcept;

 private:
  ExchangePool* pool_ = nullptr;
  io::Reactor* reactor_ = nullptr;
  io::StreamId stream_ = io::kNoStream;
  // One more than may be in hand, for the refusal that follows them.
  std::array<ConnectionExchange*, kPipelinedRequestsMax + 1> exchanges_{};
  size_t first_ = 0;
  size_t count_ = 0;
  std::string ready_;
  std::string in_flight_;
  size_t sent_ = 0;  // of in_flight_
  uint64_t send_begun_ns_ = 0;
  bool sending_ = false;
};

}  // namespace ringmaker::http
