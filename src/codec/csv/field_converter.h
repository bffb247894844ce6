// FieldConverter: fields to float32 by the bulk, with what "missing" means.
//
// A run of plain numbers goes through wire::FieldsParser at gigabytes a second. What that leaves is
// looked at one by one: blanks, quotes, exponents, missing values, and at last the error.
// Missing, hence NaN: the empty field; nan, na and null in any case; the schema's own markers.
#pragma once

#include "base/cpu.h"
#include "codec/decode_error.h"
#include "data/narrowing.h"
#include "wire/number_fields.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ringmaker::codec {

/// Not thread-safe (it keeps a scratch buffer).
class FieldConverter {
 public:
  explicit FieldConverter(std::span<const std::string> missing_markers = {},
                          base::InstructionSet set = base::detect_instruction_set());

  /// Converts fields [0, count) of `text` at `marks` to `out`. Returns how many were converted:
  /// all, or those before the first that is neither a number nor missing; convert_one() says why.
  [[nodiscard]] size_t convert(const char* text, const uint32_t* marks, size_t count, float* out);

  /// One raw field, still in its quotes. kNone, or why it is no value.
  [[nodiscard]] DecodeErrorCode convert_one(std::string_view raw, float& out);

  /// The same for a feature whose values are narrowed: what is near a cut of the model, or beyond
  /// the largest float32, is read as a double. `feature` is one of the narrowing's.
  [[nodiscard]] DecodeErrorCode convert_one(std::string_view raw, const data::Narrowing& narrowing,
                                            size_t feature, float& out);

  /// Whether text without quotes and blanks around it stands for a missing value.
  [[nodiscard]] bool is_missing(std::string_view text) const noexcept;
  /// Whether a number equals one of the schema's markers.
  [[nodiscard]] bool is_missing_value(float value) const noexcept;

 private:
  size_t convert_numbers(const char* text, const uint32_t* marks, size_t count, float* out);
  std::optional<double> read_double(std::string_view raw);

  wire::FieldsParser parse_;
  std::vector<std::string> markers_;
  /// Markers that are numbers, like -999: the bulk parser would take them for values.
  std::vector<float> marker_values_;
  std::string scratch_;
};

}  // namespace ringmaker::codec
