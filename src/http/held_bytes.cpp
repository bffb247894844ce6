#include "http/held_bytes.h"

#include "base/check.h"

#include <utility>

namespace ringmaker::http {

void HeldBytes::open(ExchangePool& pool, ByteBudget& budget) noexcept {
  RM_CHECK(bytes_.empty());
  pool_ = &pool;
  budget_ = &budget;
}

bool HeldBytes::append(std::string_view bytes) {
  if (!budget_->hold(bytes.size())) {
    return false;
  }
  if (bytes_.empty() && !bytes.empty()) {
    bytes_ = pool_->take_buffer();
  }
  bytes_ += bytes;
  return true;
}

void HeldBytes::drop(size_t count) {
  if (count == bytes_.size()) {
    clear();
    return;
  }
  budget_->let_go(count);
  bytes_.erase(0, count);
}

void HeldBytes::clear() {
  if (bytes_.empty()) {
    return;
  }
  budget_->let_go(bytes_.size());
  pool_->give_back(std::move(bytes_));
  bytes_.clear();
}

}  // namespace ringmaker::http
