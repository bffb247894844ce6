// InvocationTerms: what the head of a request settles before its body is read: what comes, how it
// is coded, and what the answer is to be.
#pragma once

#include "codec/decoder.h"
#include "codec/media_type.h"
#include "codec/selected/output_selection.h"
#include "data/schema.h"
#include "http/exchange.h"

#include <tl/expected.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace ringmaker::serve {

/// What holds where a request does not say.
struct InvocationDefaults {
  std::optional<codec::Format> accept{};
  /// What answers hold; empty: what the model's kind answers.
  codec::OutputSelection outputs{};
  /// See codec::PayloadOptions.
  bool every_line_is_a_row = false;
};

struct InvocationTerms {
  codec::Format in = codec::Format::kCsv;
  codec::PayloadOptions options{};
  codec::Format out = codec::Format::kCsv;
  codec::OutputSelection outputs{};  // which the model gives; empty: what its kind answers
  std::string_view model_name{};     // of tensors, told in the answer; lives with the exchange
};

/// Why a request is turned down.
struct Objection {
  int status;
  std::string sentence;
  /// What would be taken instead: methods of a 405, codings of a 415.
  std::string_view instead{};
  /// The same without names and values of the request; empty: there are none.
  std::string_view brief{};
};

/// Nothing when the body has an end that is known and a coding that can be undone.
[[nodiscard]] std::optional<Objection> object_to_framing(const http::RequestHead& head);

/// By Content-Type and Accept alone, without outputs.
[[nodiscard]] tl::expected<InvocationTerms, Objection> negotiate_types(
    std::string_view content_type, std::string_view accept, std::optional<codec::Format> otherwise);

/// Settles the terms of one request after the other. A client sends the same Content-Type and
/// Accept with each: what they last came to is kept. Not thread-safe.
class TermsNegotiator {
 public:
  explicit TermsNegotiator(const InvocationDefaults& defaults) : defaults_(defaults) {}

  /// For a model whose scores are `output`.
  [[nodiscard]] tl::expected<InvocationTerms, Objection> negotiate(
      const http::RequestHead& head, const data::OutputSchema& output);

 private:
  [[nodiscard]] tl::expected<InvocationTerms, Objection> types(std::string_view content_type,
                                                               std::string_view accept);

  InvocationDefaults defaults_;
  std::string content_type_;
  std::string accept_;
  std::optional<InvocationTerms> last_;  // of these two
};

}  // namespace ringmaker::serve
