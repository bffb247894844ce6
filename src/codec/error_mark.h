// error_mark: a sentence where the scores of a record would be.
//
//   text/csv               "error: row 3 has 2 values, but the model expects 4."
//   application/jsonlines  {"error":"row 3 has 2 values, but the model expects 4."}
//   application/json       the same object, in its place among the predictions
#pragma once

#include "codec/encoder.h"

#include <string>
#include <string_view>

namespace ringmaker::codec {

/// Answers in other formats hold numbers and nothing else.
[[nodiscard]] bool can_hold_error_marks(Format format) noexcept;

/// One record of an answer in `format`. Requires can_hold_error_marks(format).
void append_error_mark(Format format, std::string_view sentence, const Portion& portion,
                       std::string& out);

}  // namespace ringmaker::codec
