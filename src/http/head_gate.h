// HeadGate: stands before the parser and lets through only heads of one reading.
//
//   *8( CR LF )  method SP target SP "HTTP/1." ( "0" / "1" ) CR LF
//   *100( token ":" text CR LF )  CR LF
//
// and nothing else: no bare CR or LF, no control byte but tab, no folded line, no blank before the
// colon, one blank between the parts of the request line, everything within the limits. It is
// given all bytes since the last request, again with more bytes as they come, and resumes at the
// line it had reached. The verdict depends on the bytes alone, not on how they were cut.
#pragma once

#include "http/limits.h"
#include "http/refusal.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace ringmaker::http {

class HeadGate {
 public:
  enum class Verdict : uint8_t { kNeedMore, kComplete, kRefused };

  /// Part of the bytes inspected, as a place that survives their being moved.
  struct Place {
    uint16_t begin = 0;
    uint16_t size = 0;
    [[nodiscard]] std::string_view of(std::string_view bytes) const noexcept {
      return {bytes.data() + begin, size};
    }
  };
  struct Field {
    Place name;
    Place value;  // without the blanks around it
  };

  /// `bytes` begin where the last reset() was made and only ever grow.
  [[nodiscard]] Verdict inspect(std::string_view bytes) noexcept;
  void reset() noexcept;

  /// After kRefused.
  [[nodiscard]] const Refusal& refusal() const noexcept { return refusal_; }

  // After kComplete:
  /// Empty lines, head and final empty line.
  [[nodiscard]] size_t bytes_consumed() const noexcept { return position_; }
  [[nodiscard]] Place method() const noexcept { return method_; }
  [[nodiscard]] Place target() const noexcept { return target_; }
  [[nodiscard]] uint8_t version_minor() const noexcept { return version_minor_; }
  [[nodiscard]] std::span<const Field> fields() const noexcept {
    return {fields_.data(), field_count_};
  }
  /// Where the method begins: bytes before are empty lines.
  [[nodiscard]] size_t head_begin() const noexcept { return begin_; }

  /// `bytes`, all of which have been inspected, are nothing but empty lines: no request has begun.
  [[nodiscard]] bool only_empty_lines(std::string_view bytes) const noexcept {
    return stage_ == Stage::kEmptyLines &&
           (bytes.size() == position_ || (bytes.size() == position_ + 1 && bytes.back() == '\r'));
  }

 private:
  enum class Stage : uint8_t { kEmptyLines, kRequestLine, kFields };

  Verdict refuse(int status, std::string_view sentence) noexcept;
  Verdict inspect_empty_lines(std::string_view bytes) noexcept;
  Verdict inspect_request_line(std::string_view bytes) noexcept;
  Verdict inspect_version(std::string_view bytes, size_t at) noexcept;
  Verdict inspect_fields(std::string_view bytes) noexcept;
  Verdict inspect_field(std::string_view bytes) noexcept;

  Stage stage_ = Stage::kEmptyLines;
  uint8_t version_minor_ = 0;
  uint16_t field_count_ = 0;
  size_t position_ = 0;  // all before it has been accepted; the beginning of a line
  size_t begin_ = 0;
  Place method_;
  Place target_;
  Refusal refusal_;
  std::array<Field, kFieldsMax> fields_;
};

}  // namespace ringmaker::http
