// Timetable: where time presses, in which order invocations are scored, and for which of them there
// is no time.
//
// While there is time for all, slices go round. Where all together need most of the time that the
// first of them has left, going round would bring them to their deadlines together, all nearly
// done and nobody answered. From there on they are finished one by one: the shorter before the
// longer (by powers of two, so that a few rows never wait for a giant), of equal ones the older.
// Whoever would be clearly behind his deadline after those before him is late now, and not once he
// has taken his share of their time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace ringmaker::serve {

struct Invocation;

/// Not thread-safe: one a shard. Keeps its lists.
class Timetable {
 public:
  /// Of so many slices one is for those without a deadline, or past it: bodies that still come,
  /// answers that have begun.
  static constexpr uint64_t kSlicesOfAll = 4;

  /// All its rows are there, none of its answer is out.
  struct Entry {
    Invocation* invocation = nullptr;
    uint64_t left_ns = 0;  // its rows are going to take; 0 where nobody knows
    uint64_t deadline_ns = UINT64_MAX;
    uint64_t arrival = 0;  // ascends
  };

  /// Another slice is done. It is time to draw up another where so many stand in line: what that
  /// costs is a small part of a slice, however many there are.
  [[nodiscard]] bool due(size_t in_line) noexcept {
    constexpr size_t kTimesARound = 32;
    return ++slices_ * kTimesARound >= in_line;
  }
  void clear() noexcept;
  void add(const Entry& entry) { entries_.push_back(entry); }
  /// Rows of one that stays in any case.
  void add_other(uint64_t left_ns) noexcept { others_ns_ += left_ns; }
  /// Those added are all that there are. Returns who is late, the first to refuse first; the first
  /// in order never is.
  [[nodiscard]] const std::vector<Entry>& draw_up(uint64_t now_ns);

  /// The first of those that are finished one by one; null: slices go round.
  [[nodiscard]] Invocation* first() const noexcept {
    return first_ < entries_.size() ? entries_[first_].invocation : nullptr;
  }
  /// It has no slice to do, or is over.
  void pass_first() noexcept { ++first_; }
  /// The next slice is for those that have no deadline.
  [[nodiscard]] bool others_turn() noexcept { return ++turns_ % kSlicesOfAll == 0; }

 private:
  [[nodiscard]] bool presses(uint64_t now_ns) const noexcept;

  std::vector<Entry> entries_;
  std::vector<Entry> late_;
  uint64_t others_ns_ = 0;
  size_t first_ = 0;
  size_t slices_ = 0;  // since it was drawn up
  uint64_t turns_ = 0;
};

}  // namespace ringmaker::serve
