// Mailbox: how threads hand small messages to a shard, in order, without a lock on its loop.
//
// A bounded ring for many producers and one consumer (Vyukov's bounded queue): each slot carries
// the sequence number of the turn it is ready for. The consumer is woken through its backend.
#pragma once

#include "base/check.h"
#include "io/backend.h"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace ringmaker::io {

/// post() from any thread, take() from the thread that owns `backend`.
template <class Message>
class Mailbox {
 public:
  /// `capacity` is a power of two.
  Mailbox(Backend& backend, size_t capacity)
      : backend_(backend), slots_(std::make_unique<Slot[]>(capacity)), mask_(capacity - 1) {
    RM_CHECK(capacity > 0);
    RM_CHECK((capacity & mask_) == 0);
    for (size_t i = 0; i < capacity; ++i) {
      slots_[i].sequence.store(i, std::memory_order_relaxed);
    }
  }
  Mailbox(const Mailbox&) = delete;
  Mailbox& operator=(const Mailbox&) = delete;

  /// False when the box is full: the message was not taken.
  [[nodiscard]] bool post(const Message& message) noexcept {
    uint64_t position = tail_.load(std::memory_order_relaxed);
    for (;;) {
      Slot& slot = slots_[position & mask_];
      const uint64_t sequence = slot.sequence.load(std::memory_order_acquire);
      if (sequence == position) {
        if (tail_.compare_exchange_weak(position, position + 1, std::memory_order_relaxed)) {
          slot.message = message;
          slot.sequence.store(position + 1, std::memory_order_release);
          backend_.notify();
          return true;
        }
      } else if (sequence < position) {
        return false;
      } else {
        position = tail_.load(std::memory_order_relaxed);
      }
    }
  }

  /// False when the box is empty.
  [[nodiscard]] bool take(Message& message) noexcept {
    Slot& slot = slots_[head_ & mask_];
    if (slot.sequence.load(std::memory_order_acquire) != head_ + 1) {
      return false;
    }
    message = slot.message;
    slot.sequence.store(head_ + mask_ + 1, std::memory_order_release);
    ++head_;
    return true;
  }

 private:
  struct Slot {
    std::atomic<uint64_t> sequence{0};
    Message message{};
  };

  Backend& backend_;
  std::unique_ptr<Slot[]> slots_;
  size_t mask_;
  alignas(64) std::atomic<uint64_t> tail_{0};
  alignas(64) uint64_t head_ = 0;  // the consumer's own
};

}  // namespace ringmaker::io
