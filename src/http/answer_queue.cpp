#include "http/answer_queue.h"

#include "base/check.h"

#include <string_view>
#include <utility>

namespace ringmaker::http {
namespace {

// Below, a string has never been taken from the pool.
constexpr size_t kCapacityMin = 64;

}  // namespace

void AnswerQueue::open(ExchangePool& pool, io::Reactor& reactor, io::StreamId stream) noexcept {
  RM_CHECK(count_ == 0);
  pool_ = &pool;
  reactor_ = &reactor;
  stream_ = stream;
  sending_ = false;
}

void AnswerQueue::push(ConnectionExchange& exchange) noexcept {
  RM_CHECK(count_ < exchanges_.size());
  exchanges_[(first_ + count_) % exchanges_.size()] = &exchange;
  ++count_;
}

ConnectionExchange& AnswerQueue::pop_front() noexcept {
  ConnectionExchange& exchange = front();
  first_ = (first_ + 1) % exchanges_.size();
  --count_;
  return exchange;
}

ConnectionExchange& AnswerQueue::pop_back() noexcept {
  ConnectionExchange& exchange = back();
  --count_;
  return exchange;
}

std::string& AnswerQueue::sink(ConnectionExchange& exchange) noexcept {
  std::string& out = count_ == 0 || &front() == &exchange ? ready_ : exchange.held_;
  if (out.capacity() < kCapacityMin) {
    out = pool_->take_buffer();
  }
  return out;
}

void AnswerQueue::complete(ConnectionExchange& exchange) {
  exchange.answer_ = ConnectionExchange::Answer::kComplete;
  while (count_ > 0 && front().answer_ == ConnectionExchange::Answer::kComplete) {
    pool_->give_back(pop_front());
    if (count_ > 0 && !front().held_.empty()) {
      std::string held = std::move(front().held_);
      front().held_.clear();
      sink(front()) += held;
      pool_->give_back(std::move(held));
    }
  }
}

bool AnswerQueue::send_ready() {
  if (sending_ || ready_.empty()) {
    return false;
  }
  pool_->give_back(std::move(in_flight_));
  in_flight_ = std::move(ready_);
  ready_.clear();
  sent_ = 0;
  sending_ = true;
  send_begun_ns_ = reactor_->now_ns();
  reactor_->backend().send(stream_, in_flight_);
  return true;
}

bool AnswerQueue::on_sent(size_t bytes) {
  sent_ += bytes;
  sending_ = sent_ < in_flight_.size();
  if (sending_) {
    reactor_->backend().send(stream_, std::string_view(in_flight_).substr(sent_));
    return false;
  }
  pool_->give_back(std::move(in_flight_));
  in_flight_.clear();
  sent_ = 0;
  return true;
}

void AnswerQueue::drop_ready() noexcept { pool_->give_back(std::move(ready_)); }

void AnswerQueue::on_closed() noexcept {
  pool_->give_back(std::move(in_flight_));
  sent_ = 0;
  sending_ = false;
}

}  // namespace ringmaker::http
