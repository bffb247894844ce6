#include "http/answer_queue.h"

#include "base/check.h"
#include "http/server.h"

#include <string_view>
#include <utility>

namespace ringmaker::http {
namespace {

// Below, a string has never been taken from the server's stock.
constexpr size_t kCapacityMin = 64;

}  // namespace

void AnswerQueue::open(Server& server, io::StreamId stream) noexcept {
  RM_CHECK(count_ == 0);
  server_ = &server;
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
    out = server_->take_buffer();
  }
  return out;
}

void AnswerQueue::retire_complete() {
  while (count_ > 0 && front().answer_ == ConnectionExchange::Answer::kComplete) {
    server_->give_back(&pop_front());
    if (count_ > 0 && !front().held_.empty()) {
      std::string held = std::move(front().held_);
      front().held_.clear();
      sink(front()) += held;
      server_->give_back(std::move(held));
    }
  }
}

bool AnswerQueue::send_ready() {
  if (sending_ || ready_.empty()) {
    return false;
  }
  server_->give_back(std::move(in_flight_));
  in_flight_ = std::move(ready_);
  ready_.clear();
  sent_ = 0;
  sending_ = true;
  send_begun_ns_ = server_->reactor_.now_ns();
  server_->reactor_.backend().send(stream_, in_flight_);
  return true;
}

bool AnswerQueue::on_sent(size_t bytes) {
  sent_ += bytes;
  sending_ = sent_ < in_flight_.size();
  if (sending_) {
    server_->reactor_.backend().send(stream_, std::string_view(in_flight_).substr(sent_));
    return false;
  }
  server_->give_back(std::move(in_flight_));
  in_flight_.clear();
  sent_ = 0;
  return true;
}

void AnswerQueue::drop_ready() noexcept { server_->give_back(std::move(ready_)); }

void AnswerQueue::on_closed() noexcept {
  server_->give_back(std::move(in_flight_));
  sent_ = 0;
  sending_ = false;
}

}  // namespace ringmaker::http
