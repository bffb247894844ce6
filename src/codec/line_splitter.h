// LineSplitter: the lines of a payload that comes in pieces, for formats of one record a line.
//
// A line that lies whole in a piece is a view of it; only a line that the end of a piece cuts is
// copied. A byte order mark before the first line is not part of it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace ringmaker::codec {

/// Not thread-safe. Keeps its memory between payloads.
class LineSplitter {
 public:
  enum class Found : uint8_t {
    kLine,
    kNothing,  // all of the piece was taken; after the last one: the payload has ended
    kTooLong,  // the line at line_byte() is longer than allowed
  };

  explicit LineSplitter(size_t line_bytes_max) : line_bytes_max_(line_bytes_max) {}

  void reset() noexcept;

  /// The next line of `piece` from `at` on, which moves behind it. `last`: the payload ends with
  /// the piece, and so does its last line.
  Found next(std::string_view piece, bool last, size_t& at);
  /// Without its newline. Lives until next() is called or the piece goes.
  [[nodiscard]] std::string_view line() const noexcept { return line_; }
  /// Where in the payload it begins.
  [[nodiscard]] uint64_t line_byte() const noexcept { return line_byte_; }
  /// Behind kTooLong: leaves the line out, without holding it.
  void skip_line() noexcept;
  /// The line found cannot be used yet: next() will find it again, whatever becomes of the piece.
  void put_back();

 private:
  size_t line_bytes_max_;
  std::string kept_;  // the start of a line, or one put back
  bool kept_is_line_ = false;
  bool skips_line_ = false;
  bool line_is_kept_ = false;  // line_ is a view of kept_
  std::string_view line_;
  uint64_t line_byte_ = 0;
  uint64_t payload_bytes_ = 0;  // taken so far
};

}  // namespace ringmaker::codec
