// ExchangePool: the exchanges of a server, and the strings in which their bytes wait.
//
// Both are made when they are first needed and never given up (strings of unusual size excepted),
// so that a server that has seen its load once allocates nothing more.
#pragma once

#include "base/object_pool.h"
#include "http/connection_exchange.h"

#include <cstddef>
#include <string>
#include <vector>

namespace ringmaker::http {

/// Not thread-safe: lives with its server.
class ExchangePool {
 public:
  ExchangePool() = default;
  ExchangePool(const ExchangePool&) = delete;
  ExchangePool& operator=(const ExchangePool&) = delete;

  [[nodiscard]] ConnectionExchange& take() { return exchanges_.take(); }
  void give_back(ConnectionExchange& exchange);
  [[nodiscard]] size_t in_hand() const noexcept { return exchanges_.in_hand(); }

  /// An empty string with room in it.
  [[nodiscard]] std::string take_buffer();
  /// Any string; it is empty and without memory afterwards.
  void give_back(std::string&& buffer);

 private:
  base::ObjectPool<ConnectionExchange> exchanges_;
  std::vector<std::string> free_buffers_;
};

}  // namespace ringmaker::http
