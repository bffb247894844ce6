#include "http/request_parser.h"

#include "http/ascii.h"

#include <llhttp.h>

#include <algorithm>
#include <charconv>

namespace ringmaker::http {
namespace {

constexpr Refusal kNone{};
/// No path takes it, whatever others each of them takes.
constexpr Refusal kNoTunnel{405, "CONNECT is not allowed here", kAllMethods};

Method to_method(int method) noexcept {
  switch (method) {
    case HTTP_GET:
      return Method::kGet;
    case HTTP_HEAD:
      return Method::kHead;
    case HTTP_POST:
      return Method::kPost;
    case HTTP_PUT:
      return Method::kPut;
    case HTTP_DELETE:
      return Method::kDelete;
    case HTTP_OPTIONS:
      return Method::kOptions;
    default:
      return Method::kOther;
  }
}

/// 1 to 19 digits and nothing else.
bool parse_content_length(std::string_view text, uint64_t& value) noexcept {
  if (text.empty() || text.size() > 19) {
    return false;
  }
  for (const char c : text) {
    if (!is_digit(c)) {
      return false;
    }
  }
  return std::from_chars(text.data(), text.data() + text.size(), value).ec == std::errc();
}

/// host [":" port]; what it names is nobody's business here, but it must be one name, and a port
/// is digits. Colons elsewhere stand within the brackets of an IPv6 address.
bool valid_host(std::string_view host) noexcept {
  const bool bracketed = !host.empty() && host.front() == '[';
  const size_t name_end = bracketed ? host.find(']') : host.find(':');
  if (bracketed && name_end == std::string_view::npos) {
    return false;
  }
  if (const size_t behind = bracketed ? name_end + 1 : name_end; behind < host.size()) {
    const std::string_view port = host.substr(behind + 1);
    if (host[behind] != ':' ||
        !std::all_of(port.begin(), port.end(), [](char c) { return is_digit(c); })) {
      return false;
    }
    host = host.substr(0, behind);
  }
  if (host.empty()) {
    return false;
  }
  for (const char c : host) {
    const bool ok = is_letter(c) || is_digit(c) ||
                    std::string_view("-._~:[]%!$&'()*+;=").find(c) != std::string_view::npos;
    if (!ok) {
      return false;
    }
  }
  return true;
}

/// Splits the target into path and query; absolute-form is reduced to its path.
Refusal parse_target(std::string_view target, RequestHead& out) noexcept {
  if (target == "*") {
    out.path = target;
    return kNone;
  }
  if (target.front() != '/') {
    constexpr std::string_view kScheme = "http://";
    if (!equals_ignoring_case(target.substr(0, kScheme.size()), kScheme)) {
      return {400, "the request target is neither a path nor an http:// address"};
    }
    target.remove_prefix(kScheme.size());
    const size_t path = target.find_first_of("/?");
    if (!valid_host(target.substr(0, path))) {
      return {400, "the request target has no valid host"};
    }
    if (path == std::string_view::npos) {
      out.path = "/";
      return kNone;
    }
    target.remove_prefix(path);
    if (target.front() == '?') {
      out.path = "/";
      out.query = target.substr(1);
      return kNone;
    }
  }
  if (target.find('#') != std::string_view::npos) {
    return {400, "the request target contains a fragment"};
  }
  const size_t query = target.find('?');
  out.path = target.substr(0, query);
  if (query != std::string_view::npos) {
    out.query = target.substr(query + 1);
  }
  return kNone;
}

struct FieldRules {
  size_t hosts = 0;
  size_t lengths = 0;
  size_t encodings = 0;
  size_t content_types = 0;
  bool close = false;
  bool keep_alive = false;
};

Refusal apply_field(const Header& header, uint8_t version_minor, FieldRules& rules,
                    ParsedHead& parsed) noexcept {
  // Most names are told apart by their length alone.
  switch (header.name.size()) {
    case 4:
      if (equals_ignoring_case(header.name, "host")) {
        if (++rules.hosts > 1) {
          return {400, "the request has more than one Host header"};
        }
        // HTTP/1.1 allows an empty Host only where the target has no authority.
        if (!valid_host(header.value)) {
          return {400, "the Host header is not a host name"};
        }
      }
      return kNone;
    case 6:
      // An empty list expects nothing.
      if (equals_ignoring_case(header.name, "expect") && version_minor > 0 &&
          !header.value.empty()) {
        if (!equals_ignoring_case(header.value, "100-continue")) {
          return {417, "the only expectation that can be met is 100-continue"};
        }
        parsed.expects_continue = true;
      }
      return kNone;
    case 10:
      if (equals_ignoring_case(header.name, "connection")) {
        rules.close |= list_contains(header.value, "close");
        rules.keep_alive |= list_contains(header.value, "keep-alive");
      }
      return kNone;
    case 12:
      // Which of two is meant decides what the body says.
      if (equals_ignoring_case(header.name, "content-type") && ++rules.content_types > 1) {
        return {400, "the request has more than one Content-Type header"};
      }
      return kNone;
    case 14:
      if (equals_ignoring_case(header.name, "content-length")) {
        uint64_t length = 0;
        if (++rules.lengths > 1) {
          return {400, "the request has more than one Content-Length header"};
        }
        if (!parse_content_length(header.value, length)) {
          return {400, "Content-Length is not 1 to 19 digits"};
        }
        parsed.head.content_length = length;
      }
      return kNone;
    case 17:
      if (equals_ignoring_case(header.name, "transfer-encoding")) {
        if (++rules.encodings > 1) {
          return {400, "the request has more than one Transfer-Encoding header"};
        }
        if (!equals_ignoring_case(header.value, "chunked")) {
          return {501, "the only Transfer-Encoding spoken here is chunked"};
        }
        if (version_minor == 0) {
          return {400, "HTTP/1.0 has no Transfer-Encoding"};
        }
        parsed.head.chunked = true;
      }
      return kNone;
    default:
      return kNone;
  }
}

}  // namespace

bool list_contains(std::string_view list, std::string_view token) noexcept {
  while (!list.empty()) {
    if (equals_ignoring_case(base::take_item(list), token)) {
      return true;
    }
  }
  return false;
}

struct RequestParser::Llhttp {
  llhttp_settings_t settings{};
  llhttp_t parser{};
};

RequestParser::RequestParser() : llhttp_(std::make_unique<Llhttp>()) {
  ::llhttp_settings_init(&llhttp_->settings);
  // The head is all that llhttp sees; the body is framed by ChunkedBody and by counting.
  llhttp_->settings.on_headers_complete = [](llhttp_t*) -> int { return HPE_PAUSED; };
  ::llhttp_init(&llhttp_->parser, HTTP_REQUEST, &llhttp_->settings);
}

RequestParser::~RequestParser() = default;

Refusal RequestParser::ask_llhttp(std::string_view head, std::string_view method,
                                  RequestHead& out) noexcept {
  llhttp_t& parser = llhttp_->parser;
  ::llhttp_reset(&parser);
  const llhttp_errno_t verdict = ::llhttp_execute(&parser, head.data(), head.size());
  // It knows RTSP's methods too, and stumbles over the "HTTP/" behind them, which the gate has
  // seen.
  if (verdict == HPE_INVALID_METHOD || verdict == HPE_INVALID_CONSTANT) {
    return {501, "the request method is not known here"};
  }
  // Our callback pauses it at the end of the head. A head that it has taken without getting there
  // ("PRI", which HTTP/2 begins with) it has not understood.
  if (verdict != HPE_PAUSED && verdict != HPE_PAUSED_UPGRADE) {
    return {400, "the request head is not valid HTTP"};
  }
  if (method == "CONNECT") {
    return kNoTunnel;
  }
  out.method = to_method(parser.method);
  return kNone;
}

Refusal RequestParser::parse(const HeadGate& gate, std::string_view bytes,
                             std::span<Header, kFieldsMax> headers, ParsedHead& parsed) noexcept {
  parsed = ParsedHead();
  const std::string_view method = gate.method().of(bytes);
  if (method == "CONNECT") {
    return kNoTunnel;
  }
  const std::string_view head =
      bytes.substr(gate.head_begin(), gate.bytes_consumed() - gate.head_begin());
  // Heard below, behind what is wrong with the rest; but whoever counts and answers refusals wants
  // to know what was asked for, and all that was said with it.
  const Refusal of_target = parse_target(gate.target().of(bytes), parsed.head);
  size_t count = 0;
  for (const HeadGate::Field& field : gate.fields()) {
    headers[count++] = {field.name.of(bytes), field.value.of(bytes)};
  }
  parsed.head.headers = headers.first(count);
  parsed.head.version_minor = gate.version_minor();
  FieldRules rules;
  for (const Header& header : parsed.head.headers) {
    if (const Refusal refusal = apply_field(header, gate.version_minor(), rules, parsed)) {
      return refusal;
    }
  }
  if (rules.hosts == 0 && gate.version_minor() > 0) {
    return {400, "the request has no Host header"};
  }
  if (rules.lengths > 0 && rules.encodings > 0) {
    return {400, "the request has both Content-Length and Transfer-Encoding"};
  }
  if (const Refusal refusal = ask_llhttp(head, method, parsed.head)) {
    // It refuses some targets too, and does not say so.
    return of_target && refusal.status == of_target.status ? of_target : refusal;
  }
  if (of_target) {
    return of_target;
  }
  if (parsed.head.path == "*" && parsed.head.method != Method::kOptions) {
    return {400, "the target \"*\" is for OPTIONS only"};
  }
  parsed.keep_alive = !rules.close && (gate.version_minor() > 0 || rules.keep_alive);
  return kNone;
}

}  // namespace ringmaker::http
