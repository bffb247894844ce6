// DecodeError: why a payload is not rows, small enough for the hot path; words come later.
#pragma once

#include "data/schema.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace ringmaker::codec {

enum class DecodeErrorCode : uint8_t {
  kNone,
  kEmptyPayload,
  kTooFewColumns,      // found, expected
  kTooManyColumns,     // found (a lower bound), expected
  kTrailingSeparator,  // CSV: kTooManyColumns by one, which is empty
  kNotANumber,         // text
  kNumberRange,        // text: overflows float32, as 1e999 does
  kNumberLength,       // longer than 1 KiB
  kUnclosedQuote,
  kTextAfterQuote,
  kBareReturn,      // a carriage return ends a row
  kUtf16,           // CSV that is not UTF-8
  kBlankSeparated,  // CSV: found = values of the first line, which blanks separate
  kInvalidUtf8,
  kJsonSyntax,  // byte
  kJsonDepth,
  kJsonShape,       // none of the documented shapes; text says what was met
  kJsonOutputs,     // text says what is wrong with "outputs"
  kUnknownColumn,   // header or keys lack a feature; text is its name
  kLacksColumn,     // JSON's "columns" lack a feature; text is its name
  kBlankLine,       // or one of a comment alone, where each line must be a row
  kTooManyRows,     // found = limit
  kRowTooLong,      // found = limit in bytes
  kNotAPair,        // libsvm: text is no index:value
  kNotALabel,       // libsvm: text begins the line, and is neither that nor a number
  kIndexRange,      // sparse: text is the index, found the base, expected the model's width
  kTextIndexRange,  // the same in libsvm, where the payload may say what the base is
  kDuplicateIndex,
  kDuplicateColumn,  // JSON by names: text is the name
  kBinaryShape,      // npy, recordio: text says what is wrong with the framing or the array
  kTruncated,        // the payload ends inside of what it announced
  kTrailingBytes,    // more bytes follow than were announced
  kTensor,           // text says what is wrong with the tensor `member`, or with all
  kTensorValue,      // text is no value of the tensor's datatype, `member`
  kLacksTensor,      // text names a feature that no tensor holds
  kHeader,           // no error, but no row either, where each line of a CSV is one
  kUnmarkedHeader,   // kHeader where errors are not marked
  kUnplacedHeader,   // kHeader where the answer's format has no place for marks
  kJsonLineShape     // kJsonShape of a JSON line
};

/// Row and column count from 1 and are 0 when they do not apply; rows count data rows only.
struct DecodeError {
  DecodeErrorCode code = DecodeErrorCode::kNone;
  uint64_t row = 0;
  uint32_t column = 0;   // of the payload
  uint32_t feature = 0;  // of the model, from 1: what the column is, whatever the header's order
  uint32_t found = 0;
  uint32_t expected = 0;
  uint64_t byte = 0;              // offset in the payload, for syntax errors
  std::array<char, 80> text{};    // start of the offending text, NUL-terminated, may be cut
  uint8_t text_bytes = 0;         // of these; a NUL may be among them
  std::array<char, 40> member{};  // of an archive, or a tensor, where that is wrong; the same

  std::array<char, 40> near{};  // a name that is there and may be the one that is lacking

  void set_text(std::string_view offending) noexcept;
  /// A NUL in a name is shown as the character U+2400.
  void set_member(std::string_view name) noexcept;
  void set_near(std::string_view name) noexcept;
};

/// One sentence for the caller: where, what came, what was expected, what to do. Escapes and
/// shortens foreign text. `brief` leaves out names and values.
[[nodiscard]] std::string describe(const DecodeError& error, const data::Schema& schema,
                                   bool brief = false);

}  // namespace ringmaker::codec
