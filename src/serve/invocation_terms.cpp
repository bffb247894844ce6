#include "serve/invocation_terms.h"

#include "serve/coded_body.h"
#include "serve/requested_outputs.h"
#include "wire/utf8.h"

#include <fmt/core.h>

namespace ringmaker::serve {

std::optional<Objection> object_to_framing(const http::RequestHead& head) {
  if (!head.content_length && !head.chunked) {
    return Objection{411, "the request has neither Content-Length nor a chunked body"};
  }
  if (!content_coding(head).readable) {
    return Objection{
        415,
        fmt::format("this Content-Encoding is not supported; send the body as it is, or one of {}",
                    kReadableCodings),
        kReadableCodings};
  }
  return std::nullopt;
}

tl::expected<InvocationTerms, Objection> negotiate_types(std::string_view content_type,
                                                         std::string_view accept,
                                                         std::optional<codec::Format> otherwise) {
  const auto in = codec::request_format(content_type);
  if (!in) {
    return tl::unexpected(Objection{
        .status = 415,
        .sentence = fmt::format("the Content-Type \"{}\" is not supported; supported are {}",
                                wire::printable(content_type), codec::readable_media_types()),
        .brief = "this Content-Type is not supported"});
  }
  const auto out = codec::select_response_format(accept, otherwise, *in);
  if (!out) {
    return tl::unexpected(
        Objection{406, fmt::format("none of the types in Accept can be written; possible are {}",
                                   codec::writable_media_types())});
  }
  const auto options = codec::payload_options(content_type);
  if (!options) {
    return tl::unexpected(Objection{
        400,
        "of the parameters of Content-Type, index_base is 0 or 1 and header is present or absent"});
  }
  InvocationTerms terms;
  terms.in = *in;
  terms.options = *options;
  terms.out = *out;
  return terms;
}

tl::expected<InvocationTerms, Objection> TermsNegotiator::types(std::string_view content_type,
                                                                std::string_view accept) {
  if (last_ && content_type == content_type_ && accept == accept_) {
    return *last_;
  }
  auto terms = negotiate_types(content_type, accept, defaults_.accept);
  if (terms) {
    content_type_ = content_type;
    accept_ = accept;
    last_ = *terms;
  }
  return terms;
}

tl::expected<InvocationTerms, Objection> TermsNegotiator::negotiate(
    const http::RequestHead& head, const data::OutputSchema& output) {
  if (head.method != http::Method::kPost) {
    return tl::unexpected(Objection{405, "use POST to invoke a model", "POST, OPTIONS"});
  }
  if (auto objection = object_to_framing(head)) {
    return tl::unexpected(*std::move(objection));
  }
  std::string accept;
  auto terms = types(head.header("Content-Type"), head.header_list("Accept", accept));
  if (!terms) {
    return terms;
  }
  terms->options.every_line_is_a_row = defaults_.every_line_is_a_row;
  const auto outputs = requested_outputs(head, defaults_.outputs, output);
  if (!outputs) {
    return tl::unexpected(
        Objection{.status = 400, .sentence = outputs.error().message(), .brief = kOutputsNotGiven});
  }
  terms->outputs = *outputs;
  return terms;
}

}  // namespace ringmaker::serve
