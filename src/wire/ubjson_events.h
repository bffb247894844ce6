// UbjsonEvents: a UBJSON document (draft 12, as XGBoost writes it) as the events of a JSON text.
//
// Numbers are big-endian; objects have no count and end with `}`; arrays are plain (`[` ... `]`),
// counted (`[#N`) or of one type (`[$T#N` and the bare numbers). A count is believed only as far
// as the bytes behind it can hold its elements.
#pragma once

#include "wire/json_events.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace ringmaker::wire {

/// The numbers of an array of one type, where they lie in the document.
class UbjsonNumbers {
 public:
  /// `type` is a marker of numbers, `bytes` those of whole numbers of it.
  UbjsonNumbers(char type, std::span<const std::byte> bytes) noexcept;

  [[nodiscard]] size_t size() const noexcept { return size_; }
  [[nodiscard]] double operator[](size_t i) const noexcept;
  /// Whether all numbers of the type are integers of 32 bits.
  [[nodiscard]] bool are_int32() const noexcept;
  void append_to(std::vector<float>& values) const;
  /// Requires are_int32().
  void append_to(std::vector<int32_t>& values) const;

 private:
  char type_;
  const std::byte* bytes_;
  size_t width_;
  size_t size_;
};

class UbjsonHandler : public JsonHandler {
 public:
  /// Between the beginning and the end of an array, instead of on_number() for each.
  virtual bool on_numbers(const UbjsonNumbers& numbers) = 0;
};

/// `bytes` begins with `{` or `[`. Numbers come with an empty token. kSyntaxError and the place for
/// what is no UBJSON, what is cut off, and bytes behind the document.
[[nodiscard]] JsonResult parse_ubjson(std::span<const std::byte> bytes, UbjsonHandler& handler);

}  // namespace ringmaker::wire
