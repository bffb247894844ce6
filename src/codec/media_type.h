// MediaType: what Content-Type and Accept say, and which of our formats follow from it.
//
// Types compare without case; parameters are tolerated and ignored, but for q in Accept.
#pragma once

#include "codec/decoder.h"

#include <optional>
#include <string_view>

namespace ringmaker::codec {

/// `type/subtype; parameters`, as views of the text parsed.
struct MediaType {
  std::string_view type;
  std::string_view subtype;
  std::string_view parameters;  // after the first semicolon, trimmed

  /// Compares without case.
  [[nodiscard]] bool is(std::string_view other_type, std::string_view other_subtype) const noexcept;
  /// The parameter's value, quotes taken off; nothing when there is none of this name.
  [[nodiscard]] std::optional<std::string_view> parameter(std::string_view name) const noexcept;
};

/// Nothing when the text is no media type.
[[nodiscard]] std::optional<MediaType> parse_media_type(std::string_view text) noexcept;

/// The name an answer's Content-Type gives it, "text/csv" for one.
[[nodiscard]] std::string_view media_type_name(Format format) noexcept;
/// What request bodies may be, for the text of a 415; what answers may be, for that of a 406.
[[nodiscard]] std::string_view readable_media_types() noexcept;
[[nodiscard]] std::string_view writable_media_types() noexcept;
/// Whether answers can be written in it.
[[nodiscard]] bool is_writable(Format format) noexcept;

/// The format of a request body; absent (empty) means CSV. Nothing: 415.
[[nodiscard]] std::optional<Format> request_format(std::string_view content_type) noexcept;
/// What the parameters of a request's Content-Type say. Nothing when index_base is neither 0 nor 1,
/// or header, of CSV, neither present nor absent.
[[nodiscard]] std::optional<PayloadOptions> payload_options(std::string_view content_type) noexcept;

/// The format of the answer. An Accept that is absent, empty or `*/*` leaves the choice to us:
/// `configured` (SAGEMAKER_DEFAULT_INVOCATIONS_ACCEPT) where set, else the request's own format
/// where we can write it, else CSV. Otherwise the acceptable format with the greatest q, the most
/// specific range deciding as RFC 9110 has it; among equals the one named first, then ours. `*` is
/// `*/*`; a q beyond 0 and 1 is the nearer of them, and one that is no number is as none.
/// Nothing: 406.
[[nodiscard]] std::optional<Format> select_response_format(std::string_view accept,
                                                           std::optional<Format> configured,
                                                           Format request) noexcept;

}  // namespace ringmaker::codec
