// Admission: whether one more request is let in, by how long it would wait.
//
// A queue that stands is refused, a burst is not (after CoDel, Nichols and Jacobson 2012): only
// when newcomers have had to wait longer than the target for as long on end, those are turned away
// whose wait is not small. In this state a turn of the loop takes little work on, so that whoever
// needs none of it, and whoever is let in, is answered in milliseconds. It ends when for as long
// nobody had to be turned away.
//
//   wait > target, 100 ms on end  ──▶ refusing: in with wait <= target / 20
//   nobody refused for 100 ms     ──▶ all are let in
//   refusing for a second         ──▶ a trial: all are let in; wait > target ──▶ refusing at once
//
// Without trials clients that are never content with fewer than their number, each with one request
// at a time, would be refused for ever after a moment's overload, although together they wait for
// less than the target. A trial that fails doubles the time to the next, to 8 s.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>

namespace ringmaker::batch {

/// Not thread-safe.
class Admission {
 public:
  static constexpr uint64_t kStandingNs = 100'000'000;
  static constexpr uint64_t kAllowancePart = 20;
  static constexpr uint64_t kTrialAfterNs = 1'000'000'000;
  static constexpr uint64_t kTrialAfterMaxNs = 8 * kTrialAfterNs;

  /// 0: everybody is let in.
  explicit Admission(uint64_t target_ns) noexcept : target_ns_(target_ns) {}

  /// Of a request that would wait so long for those before it.
  [[nodiscard]] bool admit(uint64_t now_ns, uint64_t wait_ns) noexcept {
    if (target_ns_ == 0) {
      return true;
    }
    asked_ = true;
    peak_ns_ = std::max(peak_ns_, wait_ns);
    if (wait_ns > target_ns_) {
      note_wait(now_ns);
    }
    if (!refusing_ || wait_ns <= target_ns_ / kAllowancePart) {
      return true;
    }
    last_refused_ns_ = now_ns;
    return false;
  }
  /// All that came together has been asked about.
  void end_turn(uint64_t now_ns) noexcept {
    // A turn that brought no request says nothing.
    if (asked_ && peak_ns_ <= target_ns_) {
      above_since_.reset();
    }
    asked_ = false;
    peak_ns_ = 0;
    const auto since = [now_ns](uint64_t then) { return now_ns - std::min(now_ns, then); };
    if (refusing_ && since(last_refused_ns_) >= kStandingNs) {
      refusing_ = false;
    } else if (refusing_ && since(refusing_since_ns_) >= trial_after_ns_) {
      refusing_ = false;
      trial_since_ns_ = now_ns;
    } else if (trial_since_ns_ && since(*trial_since_ns_) >= kTrialAfterNs) {
      trial_since_ns_.reset();
      trial_after_ns_ = kTrialAfterNs;
    }
  }
  /// The loop found nothing to do: no queue stands.
  void rest() noexcept { above_since_.reset(); }
  [[nodiscard]] bool refusing() const noexcept { return refusing_; }

 private:
  void note_wait(uint64_t now_ns) noexcept {
    if (!above_since_) {
      above_since_ = now_ns;
    }
    if (refusing_) {
      return;
    }
    if (trial_since_ns_) {
      trial_after_ns_ = std::min(2 * trial_after_ns_, kTrialAfterMaxNs);
      trial_since_ns_.reset();
      refuse(now_ns);
    } else if (now_ns - std::min(now_ns, *above_since_) >= kStandingNs) {
      refuse(now_ns);
    }
  }
  void refuse(uint64_t now_ns) noexcept {
    refusing_ = true;
    refusing_since_ns_ = now_ns;
    last_refused_ns_ = now_ns;
  }

  uint64_t target_ns_;
  uint64_t peak_ns_ = 0;  // of this turn
  bool asked_ = false;    // in this turn
  std::optional<uint64_t> above_since_;
  uint64_t last_refused_ns_ = 0;
  uint64_t refusing_since_ns_ = 0;
  uint64_t trial_after_ns_ = kTrialAfterNs;
  std::optional<uint64_t> trial_since_ns_;
  bool refusing_ = false;
};

}  // namespace ringmaker::batch
