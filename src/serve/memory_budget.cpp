#include "serve/memory_budget.h"

#include "base/check.h"

#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <limits>
#include <string>

namespace ringmaker::serve {
namespace {

/// One twentieth stays free: page tables, stacks, what an allocator cannot use.
constexpr uint64_t kMarginShare = 20;

uint64_t less(uint64_t a, uint64_t b) noexcept { return a - std::min(a, b); }

}  // namespace

MemoryReading read_memory() {
  MemoryReading reading{.resident_bytes = 0,
                        .available_bytes = std::numeric_limits<uint64_t>::max()};
  std::ifstream statm("/proc/self/statm");
  uint64_t pages = 0;
  uint64_t resident = 0;
  uint64_t shared = 0;
  if (statm >> pages >> resident >> shared) {
    // Pages of files are not counted: the kernel takes them back when it needs them.
    reading.resident_bytes =
        less(resident, shared) * static_cast<uint64_t>(::sysconf(_SC_PAGESIZE));
  }
  std::ifstream meminfo("/proc/meminfo");
  for (std::string word; meminfo >> word;) {
    if (word == "MemAvailable:") {
      uint64_t kibibytes = 0;
      if (meminfo >> kibibytes) {
        reading.available_bytes = kibibytes * 1024;
      }
      break;
    }
  }
  return reading;
}

uint64_t default_request_bytes(std::optional<uint64_t> limit_bytes,
                               const MemoryReading& now) noexcept {
  // Where nothing is known of the machine, what it has at all.
  const uint64_t physical = static_cast<uint64_t>(::sysconf(_SC_PHYS_PAGES)) *
                            static_cast<uint64_t>(::sysconf(_SC_PAGESIZE));
  return limit_bytes.value_or(std::min(now.available_bytes, physical)) / 5 * 2;
}

uint64_t MemoryBudget::needed(uint64_t file_bytes) noexcept {
  return file_bytes * kCopiesWhileLoading + kBytesOfAnyLoad;
}

uint64_t MemoryBudget::room_locked() const {
  const MemoryReading reading = options_.read();
  uint64_t room = less(reading.available_bytes, reading.available_bytes / kMarginShare);
  if (options_.limit_bytes) {
    const uint64_t limit = *options_.limit_bytes;
    room = std::min(room, less(less(limit, limit / kMarginShare),
                               reading.resident_bytes + options_.request_bytes));
  }
  return less(room, reserved_);
}

uint64_t MemoryBudget::room() const {
  const std::lock_guard lock(mutex_);
  return room_locked();
}

bool MemoryBudget::reserve(uint64_t bytes) {
  const std::lock_guard lock(mutex_);
  if (bytes > room_locked()) {
    return false;
  }
  reserved_ += bytes;
  return true;
}

void MemoryBudget::release(uint64_t bytes) {
  const std::lock_guard lock(mutex_);
  RM_CHECK(bytes <= reserved_);
  reserved_ -= bytes;
}

}  // namespace ringmaker::serve
