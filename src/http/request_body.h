// RequestBody: where the body of one request ends, and how much of it may come.
//
//   begin(head) ──▶ admit(mode) ──▶ take(bytes) ... ──▶ ended
//
// The framing is the head's: so many bytes, chunks, or none; or the connection speaks another
// protocol from here on, and all that comes is data until its end. What is to become of the body is
// the handler's choice, and decides how large it may be. Limits look at what has been announced, by
// a length or by the chunk in hand, so that too large a body is refused before it is read.
//
// Invariant: after the last byte nothing more is taken; a body is refused once and for all.
#pragma once

#include "http/chunked_body.h"
#include "http/handler.h"
#include "http/limits.h"
#include "http/refusal.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace ringmaker::http {

struct ParsedHead;

/// Not thread-safe. Copies nothing: what it gives are views of what it is given.
class RequestBody {
 public:
  enum class Verdict : uint8_t {
    kNeedMore,  // all bytes were taken, and none of them is data
    kData,      // `data` is part of the body; call again with what is left
    kComplete,  // `data`, perhaps empty, is the last of it
    kRefused,   // see refusal()
  };
  struct Step {
    Verdict verdict = Verdict::kNeedMore;
    size_t consumed = 0;
    std::string_view data;  // part of the bytes given
  };

  /// For the request of `head`, to be discarded until admit() says otherwise.
  void begin(const ParsedHead& head) noexcept;

  /// It has no end but that of the peer's stream.
  void begin_endless() noexcept;
  void end() noexcept { ended_ = true; }
  /// A refusal when it is larger than any handler could have it: none need be asked.
  [[nodiscard]] Refusal beyond_all(const Limits& limits) const noexcept;
  /// From now on it is read in this mode, or refused because it is too large for that.
  [[nodiscard]] Refusal admit(BodyMode mode, const Limits& limits) noexcept;
  /// Nobody waits for it any more: what is left is skipped, up to what a discarded body may have.
  void discard(const Limits& limits) noexcept;

  /// Takes bytes up to the end of the body or of its next piece. Requires !ended(), except that a
  /// body of no bytes is complete with an empty piece.
  [[nodiscard]] Step take(std::string_view bytes) noexcept;
  /// After kRefused.
  [[nodiscard]] const Refusal& refusal() const noexcept { return refusal_; }

  [[nodiscard]] BodyMode mode() const noexcept { return mode_; }
  [[nodiscard]] bool endless() const noexcept { return endless_; }
  /// Its last byte has been taken, or it has none.
  [[nodiscard]] bool ended() const noexcept { return ended_; }
  /// The peer waits for "100 Continue" before it sends a body that somebody wants.
  [[nodiscard]] bool awaits_continue() const noexcept {
    return expects_continue_ && !ended_ && mode_ != BodyMode::kDiscard;
  }
  /// What is left will come, and as far as it is announced its end is near: skipping it keeps the
  /// connection. Chunks may yet prove too many, which ends it.
  [[nodiscard]] bool worth_skipping(const Limits& limits) const noexcept {
    return !expects_continue_ && announced_ - taken_ <= limits.discarded_body_bytes_max;
  }
  /// Bytes that are known to come yet; of chunks nothing is known.
  [[nodiscard]] uint64_t bytes_left() const noexcept { return left_; }
  /// Why it is refused when the peer's stream ends here. Requires !ended().
  [[nodiscard]] std::string describe_cut() const;
  /// Bytes of data taken so far.
  [[nodiscard]] uint64_t bytes_taken() const noexcept { return taken_; }

 private:
  [[nodiscard]] Step take_counted(std::string_view bytes) noexcept;
  [[nodiscard]] Step take_chunk(std::string_view bytes) noexcept;

  BodyMode mode_ = BodyMode::kDiscard;
  bool chunked_ = false;
  bool endless_ = false;
  bool expects_continue_ = false;
  bool ended_ = true;
  uint64_t announced_ = 0;  // by its length or its chunks so far
  uint64_t left_ = 0;       // of a counted body
  uint64_t taken_ = 0;
  uint64_t bytes_max_ = 0;
  ChunkedBody chunks_;
  Refusal too_large_;  // of the limits of admit() or discard()
  Refusal refusal_;
};

}  // namespace ringmaker::http
