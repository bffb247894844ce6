#include "serve/timetable.h"

#include <algorithm>
#include <bit>
#include <tuple>

namespace ringmaker::serve {

void Timetable::clear() noexcept {
  entries_.clear();
  late_.clear();
  others_ns_ = 0;
  first_ = 0;
  slices_ = 0;
}

/// A fifth of the time is not ours: between slices the loop does other work.
bool Timetable::presses(uint64_t now_ns) const noexcept {
  uint64_t left_ns = others_ns_;
  uint64_t deadline_ns = UINT64_MAX;
  for (const Entry& entry : entries_) {
    left_ns += entry.left_ns;
    deadline_ns = std::min(deadline_ns, entry.deadline_ns);
  }
  return now_ns + left_ns + left_ns / 4 > deadline_ns;
}

const std::vector<Timetable::Entry>& Timetable::draw_up(uint64_t now_ns) {
  if (!presses(now_ns)) {
    entries_.clear();
    return late_;
  }
  std::ranges::sort(entries_, {}, [](const Entry& entry) {
    return std::make_tuple(std::bit_width(entry.left_ns), entry.arrival);
  });
  uint64_t before_ns = 0;
  size_t kept = 0;
  for (const Entry& entry : entries_) {
    const uint64_t own_ns = before_ns + entry.left_ns;
    const uint64_t others_ns = std::min(others_ns_, own_ns / (kSlicesOfAll - 1));
    // Rates go up and down, and nobody who is refused comes back: who is a fifth too late waits, at
    // no cost but his time. And somebody is scored in any case, and shows what it really takes.
    const uint64_t takes_ns = (own_ns + others_ns) / 5 * 4;
    if (kept > 0 && now_ns + takes_ns > entry.deadline_ns) {
      late_.push_back(entry);
    } else {
      before_ns = own_ns;
      entries_[kept++] = entry;
    }
  }
  entries_.resize(kept);
  std::ranges::reverse(late_);
  return late_;
}

}  // namespace ringmaker::serve
