// UbjsonEvents: a UBJSON document (draft 12, as XGBoost writes it) as the events of a JSON text.
//
// Numbers are big-endian; objects have no count and end with `}`; arrays are plain (`[` ... `]`),
// counted (`[#N`) or of one type (`[$T#N` and the bare numbers). A count is believed only as far
// as the bytes behind it can hold its elements.
#pragma once

#include "wire/json_events.h"

#include <cstddef>
#include <span>

namespace ringmaker::wire {

/// `bytes` begins with `{` or `[`. Numbers come with an empty token. kSyntaxError and the place for
/// what is no UBJSON, what is cut off, and bytes behind the document.
[[nodiscard]] JsonResult parse_ubjson(std::span<const std::byte> bytes, JsonHandler& handler);

}  // namespace ringmaker::wire
