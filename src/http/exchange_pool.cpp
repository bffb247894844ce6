#include "http/exchange_pool.h"

#include <utility>

namespace ringmaker::http {
namespace {

constexpr size_t kBuffersKeptMax = 256;
constexpr size_t kBufferBytesKeptMax = 128 * 1024;
constexpr size_t kBufferBytesMin = 1024;

}  // namespace

void ExchangePool::give_back(ConnectionExchange& exchange) {
  if (exchange.held_.capacity() > 0) {
    give_back(std::move(exchange.held_));
  }
  exchange.end();
  exchanges_.give_back(exchange);
}

std::string ExchangePool::take_buffer() {
  if (free_buffers_.empty()) {
    std::string buffer;
    buffer.reserve(kBufferBytesMin);
    return buffer;
  }
  std::string buffer = std::move(free_buffers_.back());
  free_buffers_.pop_back();
  return buffer;
}

void ExchangePool::give_back(std::string&& buffer) {
  if (buffer.capacity() >= kBufferBytesMin && buffer.capacity() <= kBufferBytesKeptMax &&
      free_buffers_.size() < kBuffersKeptMax) {
    buffer.clear();
    free_buffers_.push_back(std::move(buffer));
  }
  std::string().swap(buffer);
}

}  // namespace ringmaker::http
