// CodedBody: the body of a request that came with a Content-Encoding, on its way back to what it
// was.
//
// Coded bytes wait here and are inflated into the caller's buffer, a buffer at a time, so that a
// bomb is no more work a turn than any other body, and ends at its limit.
#pragma once

#include "http/exchange.h"
#include "wire/inflater.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ringmaker::serve {

/// What Content-Encoding says.
struct ContentCoding {
  bool readable = true;                // none, identity, or one coding that we know
  std::optional<wire::Coding> coding;  // nothing: the body is as it is
};
[[nodiscard]] ContentCoding content_coding(const http::RequestHead& head) noexcept;
/// For Accept-Encoding.
inline constexpr std::string_view kReadableCodings = "gzip, deflate, zstd";

/// Inflaters between requests, so that what they allocate is used again. Not thread-safe.
class InflaterPool {
 public:
  [[nodiscard]] std::unique_ptr<wire::Inflater> take(wire::Coding coding);
  /// One that has grown large is let go.
  void give_back(wire::Coding coding, std::unique_ptr<wire::Inflater> inflater);

 private:
  std::array<std::vector<std::unique_ptr<wire::Inflater>>, wire::kCodings> free_;
};

/// One body at a time, again and again. Not thread-safe.
class CodedBody {
 public:
  enum class Verdict : uint8_t {
    kFilled,    // the buffer is full, there may be more
    kHungry,    // all bytes given are used up
    kDone,      // the body has ended where its stream does
    kBroken,    // no such stream: see describe()
    kCut,       // the body has ended before its stream does
    kTooLarge,  // more than inflated_bytes_max
  };
  struct Step {
    Verdict verdict = Verdict::kHungry;
    size_t bytes = 0;  // put into the buffer
  };

  void begin(wire::Coding coding, InflaterPool& pool, uint64_t inflated_bytes_max);
  /// Forgets the body. Harmless when none has begun.
  void end();
  [[nodiscard]] bool begun() const noexcept { return inflater_ != nullptr; }

  /// The next piece is copied.
  void append(std::string_view coded, bool last);
  [[nodiscard]] Step inflate(std::span<char> out);

  /// inflate() has something to do.
  [[nodiscard]] bool ready() const noexcept {
    return begun() && (filled_ || ended_ || at_ < coded_.size());
  }
  /// Coded bytes that wait.
  [[nodiscard]] size_t waiting() const noexcept { return coded_.size() - at_; }
  [[nodiscard]] size_t bytes_held() const noexcept;
  /// A sentence for the caller after kBroken, kCut or kTooLarge.
  [[nodiscard]] std::string describe(Verdict verdict) const;

 private:
  wire::Coding coding_ = wire::Coding::kGzip;
  InflaterPool* pool_ = nullptr;
  std::unique_ptr<wire::Inflater> inflater_;
  std::string coded_;
  size_t at_ = 0;  // of coded_: what is before is inflated
  uint64_t taken_ = 0;
  uint64_t inflated_ = 0;
  uint64_t inflated_bytes_max_ = 0;
  bool filled_ = false;  // the last step has filled its buffer
  bool ended_ = false;   // the last piece is here
};

}  // namespace ringmaker::serve
