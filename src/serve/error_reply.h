// Error replies: one sentence for the caller, as text or JSON, whichever it accepts.
#pragma once

#include "codec/decoder.h"
#include "http/exchange.h"

#include <optional>
#include <string>
#include <string_view>

namespace ringmaker::serve {

/// Answers with `status` and `sentence`. JSON {"error": sentence} when the request prefers JSON;
/// `otherwise` is the type where it has no Accept, unless that of the request.
/// 503 carries Retry-After. `instead` is what would have been taken: of 405 the methods, for Allow,
/// of 415 the codings, for Accept-Encoding. 426 says that WebSocket is spoken, and its version.
/// Custom attributes come back, as with scores.
void reply_error(http::Exchange& exchange, int status, std::string_view sentence,
                 std::string_view instead = {},
                 std::optional<codec::Format> otherwise = std::nullopt);

/// The sentence of an answer that reply_error() has made, as a string of JSON.
[[nodiscard]] std::string error_sentence_json(const http::ResponseHead& head,
                                              std::string_view body);

}  // namespace ringmaker::serve
