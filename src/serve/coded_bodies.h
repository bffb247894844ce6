// CodedBodies: what a shard's bodies with a Content-Encoding share: inflaters between requests, the
// one buffer that text is inflated into, and how many bytes all of them hold.
#pragma once

#include "serve/coded_body.h"
#include "serve/invocation.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

namespace ringmaker::serve {

/// Not thread-safe: one a shard.
class CodedBodies {
 public:
  /// A body that inflates to less is decoded in one go. To inflate so much and to decode it takes
  /// some 100 microseconds.
  static constexpr size_t kInHandBytesMax = 32 * 1024;
  static constexpr size_t kStepBytesMax = 16 * 1024;
  /// Coded bytes that come faster than they are inflated wait up to here.
  static constexpr size_t kWaitingBytesMax = 64 * 1024;

  explicit CodedBodies(uint64_t inflated_bytes_max) : inflated_bytes_max_(inflated_bytes_max) {}

  void begin(Invocation& invocation, wire::Coding coding);
  /// Harmless when none has begun.
  void end(Invocation& invocation);
  /// The next piece as it came; nothing is inflated yet.
  void append(Invocation& invocation, std::string_view coded, bool last);

  struct Text {
    CodedBody::Verdict verdict = CodedBody::Verdict::kHungry;
    std::string_view text;  // valid until the next call, for whichever body
  };
  /// The next of its bytes, at most `bytes_max` <= kInHandBytesMax. The body is over after kDone.
  [[nodiscard]] Text inflate(Invocation& invocation, size_t bytes_max);

  /// By all that have begun.
  [[nodiscard]] uint64_t bytes_held() const noexcept { return bytes_held_; }

 private:
  void note_held(Invocation& invocation);

  uint64_t inflated_bytes_max_;
  uint64_t bytes_held_ = 0;
  InflaterPool inflaters_;
  std::unique_ptr<char[]> text_;  // made when the first comes
};

}  // namespace ringmaker::serve
