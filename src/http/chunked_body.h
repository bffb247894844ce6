// ChunkedBody: takes the chunk framing off a request body, strictly.
//
//   *( 1*16HEXDIG [ ";" text ] CR LF  data CR LF )  "0" [ ";" text ] CR LF  *( line CR LF )  CR LF
//
// Extensions and trailers are skipped and never mean anything. Lines end in CR LF, never in a bare
// LF. Framing bytes are bounded, in each line, in the trailers, and in proportion to the data: many
// tiny chunks cost more than they carry.
#pragma once

#include "http/refusal.h"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace ringmaker::http {

class ChunkedBody {
 public:
  enum class Verdict : uint8_t {
    kNeedMore,  // all bytes were taken
    kData,      // `data` was found; call again with what is left
    kComplete,  // the body has ended; what is left belongs to the next request
    kRefused,
  };
  struct Step {
    Verdict verdict = Verdict::kNeedMore;
    size_t consumed = 0;
    std::string_view data;  // part of the bytes given
  };

  void reset() noexcept { *this = ChunkedBody(); }
  /// Takes bytes up to the next piece of data.
  [[nodiscard]] Step take(std::string_view bytes) noexcept;
  [[nodiscard]] const Refusal& refusal() const noexcept { return refusal_; }
  [[nodiscard]] uint64_t data_bytes() const noexcept { return data_bytes_; }
  /// Data bytes taken so far and still to come in the present chunk. A size counts once its line
  /// has ended: before, it may yet turn out to be none.
  [[nodiscard]] uint64_t announced_bytes() const noexcept {
    const uint64_t left = state_ == State::kData ? chunk_left_ : 0;
    return data_bytes_ > UINT64_MAX - left ? UINT64_MAX : data_bytes_ + left;
  }

 private:
  enum class State : uint8_t {
    kSizeFirst,
    kSize,
    kExtension,
    kSizeLf,
    kData,
    kDataCr,
    kDataLf,
    kTrailerFirst,
    kTrailerName,
    kTrailer,
    kTrailerLf,
    kEndLf,
    kEnd,
  };

  bool refuse(std::string_view sentence) noexcept;
  [[nodiscard]] bool step_framing(char byte) noexcept;
  [[nodiscard]] bool step_size(char byte) noexcept;
  [[nodiscard]] bool step_trailer(char byte) noexcept;
  [[nodiscard]] bool framing_is_excessive() const noexcept;

  State state_ = State::kSizeFirst;
  uint8_t digits_ = 0;
  uint16_t line_bytes_ = 0;
  uint32_t trailer_bytes_ = 0;
  uint64_t chunk_left_ = 0;
  uint64_t data_bytes_ = 0;
  uint64_t framing_bytes_ = 0;
  Refusal refusal_;
};

}  // namespace ringmaker::http
