// KeyTable: a number for each of few distinct keys, of which very many are asked for.
//
// The thresholds of an ensemble are like this: millions of nodes, some hundreds of thresholds a
// feature. Open addressing with multiplicative hashing, at most half full.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

namespace ringmaker::model {

/// Key: uint32_t or uint64_t, and never all ones.
template <class Key>
class KeyTable {
 public:
  static constexpr uint32_t kNew = std::numeric_limits<uint32_t>::max();

  /// The number of a key; kNew of one that was not there. Holds until the next call.
  [[nodiscard]] uint32_t& at(Key key) {
    if (2 * (size_ + 1) > entries_.size()) {
      grow();
    }
    Entry& entry = entries_[find(key)];
    size_ += entry.key == key ? 0 : 1;
    entry.key = key;
    return entry.number;
  }
  /// Of a key that is there.
  [[nodiscard]] uint32_t number(Key key) const noexcept { return entries_[find(key)].number; }
  /// All of them, in any order.
  [[nodiscard]] std::vector<Key> keys() const {
    std::vector<Key> keys;
    keys.reserve(size_);
    for (const Entry& entry : entries_) {
      if (entry.key != kNone) {
        keys.push_back(entry.key);
      }
    }
    return keys;
  }

 private:
  static constexpr Key kNone = std::numeric_limits<Key>::max();
  struct Entry {
    Key key = kNone;
    uint32_t number = kNew;
  };

  /// Where the key is, or would be.
  [[nodiscard]] size_t find(Key key) const noexcept {
    size_t slot = (static_cast<uint64_t>(key) * 0x9E3779B97F4A7C15U) >> shift_;
    while (entries_[slot].key != key && entries_[slot].key != kNone) {
      slot = (slot + 1) & (entries_.size() - 1);
    }
    return slot;
  }
  void grow() {
    std::vector<Entry> old(std::max(size_t{16}, 2 * entries_.size()));
    old.swap(entries_);
    shift_ = 64 - static_cast<uint32_t>(std::countr_zero(entries_.size()));
    for (const Entry& entry : old) {
      if (entry.key != kNone) {
        entries_[find(entry.key)] = entry;
      }
    }
  }

  std::vector<Entry> entries_;  // none, or a power of two
  uint32_t shift_ = 0;          // 64 less the bits of a slot
  size_t size_ = 0;
};

}  // namespace ringmaker::model
