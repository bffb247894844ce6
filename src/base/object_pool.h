// ObjectPool: objects that are made when they are first needed, used again, and never given up.
//
// What has seen its load once allocates nothing more.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

namespace ringmaker::base {

/// Not thread-safe. Objects keep their addresses, and the state in which they were given back: who
/// takes one sets what he needs.
template <typename Object>
class ObjectPool {
 public:
  ObjectPool() = default;
  ObjectPool(const ObjectPool&) = delete;
  ObjectPool& operator=(const ObjectPool&) = delete;

  [[nodiscard]] Object& take() {
    if (free_.empty()) {
      all_.push_back(std::make_unique<Object>());
      free_.reserve(all_.capacity());
      return *all_.back();
    }
    Object& object = *free_.back();
    free_.pop_back();
    return object;
  }
  /// Of an object taken here and not given back since.
  void give_back(Object& object) noexcept { free_.push_back(&object); }
  [[nodiscard]] size_t in_hand() const noexcept { return all_.size() - free_.size(); }

 private:
  std::vector<std::unique_ptr<Object>> all_;
  std::vector<Object*> free_;  // has room for all
};

}  // namespace ringmaker::base
