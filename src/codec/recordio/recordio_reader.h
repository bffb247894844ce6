// RecordioReader: the records of a RecordIO payload that comes in pieces.
//
//   record = 1*frame
//   frame  = u32 0xCED7230A   u32 flag << 29 | length   length bytes   zeroes up to a multiple of 4
//
// Little-endian. Flag 0: the frame is a record; 1, 2, 3: the first, a middle, the last part of one.
// A writer cuts a record where its bytes would look like the magic number and leaves those out, so
// they come back between the parts. Source: dmlc-core, recordio.h.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace ringmaker::codec {

/// Not thread-safe. Keeps its memory between payloads.
class RecordioReader {
 public:
  enum class Found : uint8_t { kRecord, kNothing, kBadMagic, kBadPart, kTooLong };

  explicit RecordioReader(size_t record_bytes_max) : record_bytes_max_(record_bytes_max) {}

  void reset() noexcept;

  /// The next record of `piece` from `at` on, which moves behind it. kNothing: all of the piece was
  /// taken. Errors are about the frame at frame_byte().
  Found next(std::string_view piece, size_t& at);
  /// Lives until next() is called or the piece goes.
  [[nodiscard]] std::string_view record() const noexcept { return record_; }
  /// The record found cannot be used yet: next() will find it again, whatever becomes of the piece.
  void put_back();
  /// Where in the payload the frame being read begins.
  [[nodiscard]] uint64_t frame_byte() const noexcept { return frame_byte_; }
  /// No record has been begun that is not complete.
  [[nodiscard]] bool at_boundary() const noexcept {
    return !in_parts_ && (kept_.empty() || record_is_kept_);
  }

 private:
  enum class Part : uint8_t { kWhole, kFirst, kMiddle, kLast };

  /// A whole frame of `piece`, gathered in kept_ where the end of a piece cuts it.
  Found next_frame(std::string_view piece, size_t& at, std::string_view& content, Part& part);
  bool fill(size_t bytes, std::string_view piece, size_t& at);

  size_t record_bytes_max_;
  std::string kept_;   // a frame that a piece cuts, or a record put back
  std::string parts_;  // of a record in several frames
  bool in_parts_ = false;
  bool record_is_kept_ = false;  // what kept_ holds has been told
  bool put_back_ = false;
  std::string_view record_;
  uint64_t frame_byte_ = 0;
  uint64_t payload_bytes_ = 0;
};

}  // namespace ringmaker::codec
