// Heads: whatever the bytes and however they are cut, the gate has one verdict, and what it and the
// parser let through is a subset of what llhttp lets through, read in the same way.
#include "http/ascii.h"
#include "http/head_gate.h"
#include "http/request_parser.h"

#include <llhttp.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

using namespace ringmaker;
using Verdict = http::HeadGate::Verdict;

void demand(bool holds) {
  if (!holds) {
    std::abort();
  }
}

/// Shows the gate `step` bytes more at a time, at another place in memory each time.
Verdict inspect(http::HeadGate& gate, std::string_view bytes, size_t step) {
  for (size_t have = std::min(step, bytes.size());; have = std::min(have + step, bytes.size())) {
    const std::string moved(bytes.substr(0, have));
    const Verdict verdict = gate.inspect(moved);
    if (verdict != Verdict::kNeedMore || have == bytes.size()) {
      return verdict;
    }
  }
}

bool same(http::HeadGate::Place a, http::HeadGate::Place b) {
  return a.begin == b.begin && a.size == b.size;
}

void demand_equal(const http::HeadGate& a, const http::HeadGate& b) {
  demand(a.refusal().status == b.refusal().status);
  demand(a.refusal().sentence == b.refusal().sentence);
  demand(a.bytes_consumed() == b.bytes_consumed());
  demand(a.fields().size() == b.fields().size());
  for (size_t i = 0; i < a.fields().size(); ++i) {
    demand(same(a.fields()[i].name, b.fields()[i].name));
    demand(same(a.fields()[i].value, b.fields()[i].value));
  }
}

/// What llhttp alone makes of a head.
class Reading {
 public:
  explicit Reading(std::string_view bytes) {
    ::llhttp_settings_init(&settings_);
    settings_.on_url = [](llhttp_t* from, const char* at, size_t size) {
      of(from).target.append(at, size);
      return 0;
    };
    settings_.on_header_field = [](llhttp_t* from, const char* at, size_t size) {
      Reading& reading = of(from);
      if (!reading.in_name_) {
        reading.fields.emplace_back();
        reading.in_name_ = true;
      }
      reading.fields.back().first.append(at, size);
      return 0;
    };
    settings_.on_header_value = [](llhttp_t* from, const char* at, size_t size) {
      of(from).fields.back().second.append(at, size);
      return 0;
    };
    settings_.on_header_value_complete = [](llhttp_t* from) {
      of(from).in_name_ = false;
      return 0;
    };
    settings_.on_headers_complete = [](llhttp_t* from) -> int {
      of(from).complete = true;
      return HPE_PAUSED;
    };
    ::llhttp_init(&parser, HTTP_REQUEST, &settings_);
    parser.data = this;
    (void)::llhttp_execute(&parser, bytes.data(), bytes.size());
  }
  Reading(const Reading&) = delete;
  Reading& operator=(const Reading&) = delete;

  llhttp_t parser{};
  std::string target;
  std::vector<std::pair<std::string, std::string>> fields;
  bool complete = false;

 private:
  static Reading& of(llhttp_t* from) { return *static_cast<Reading*>(from->data); }

  llhttp_settings_t settings_{};
  bool in_name_ = false;
};

void compare_with_llhttp(std::string_view head, const http::HeadGate& gate, std::string_view bytes,
                         const http::ParsedHead& parsed) {
  const Reading whole(head);
  demand(whole.complete);
  demand(!Reading(head.substr(0, head.size() - 1)).complete);
  demand(gate.method().of(bytes) ==
         ::llhttp_method_name(static_cast<llhttp_method_t>(whole.parser.method)));
  demand(whole.target == gate.target().of(bytes));
  demand(whole.parser.http_major == 1);
  demand(whole.parser.http_minor == parsed.head.version_minor);
  demand(whole.fields.size() == parsed.head.headers.size());
  for (size_t i = 0; i < whole.fields.size(); ++i) {
    demand(whole.fields[i].first == parsed.head.headers[i].name);
    demand(http::trimmed(whole.fields[i].second) == parsed.head.headers[i].value);
  }
  demand(parsed.head.chunked == ((whole.parser.flags & F_CHUNKED) != 0));
  demand(parsed.head.content_length.has_value() == ((whole.parser.flags & F_CONTENT_LENGTH) != 0));
  demand(parsed.head.content_length.value_or(0) == whole.parser.content_length);
  demand(!(parsed.head.chunked && parsed.head.content_length));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  http::HeadGate gate;
  const Verdict verdict = gate.inspect(bytes);
  // One byte at a time is quadratic in the longest line: only where that is short.
  for (const size_t step : {size < 512 ? size_t{1} : size_t{61}, size_t{7}, size_t{1024}}) {
    http::HeadGate cut;
    if (step < size && (step != 7 || size < 4096)) {
      demand(inspect(cut, bytes, step) == verdict);
      if (verdict != Verdict::kNeedMore) {
        demand_equal(cut, gate);
      }
    }
  }
  if (verdict != Verdict::kComplete) {
    demand(gate.refusal() ? verdict == Verdict::kRefused : verdict == Verdict::kNeedMore);
    return 0;
  }
  const std::string_view head =
      bytes.substr(gate.head_begin(), gate.bytes_consumed() - gate.head_begin());
  // The head ends at the first empty line and nowhere else.
  demand(head.find("\r\n\r\n") + 4 == head.size());
  demand(head.size() <= http::kHeadBytesMax);
  demand(gate.fields().size() <= http::kFieldsMax);

  static http::RequestParser parser;
  std::array<http::Header, http::kFieldsMax> headers;
  http::ParsedHead parsed;
  if (parser.parse(gate, bytes, headers, parsed)) {
    return 0;
  }
  demand(!parsed.head.path.empty());
  demand(parsed.head.path.front() == '/' || parsed.head.path == "*");
  compare_with_llhttp(head, gate, bytes, parsed);
  return 0;
}
