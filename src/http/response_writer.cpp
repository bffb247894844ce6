#include "http/response_writer.h"

#include "base/check.h"
#include "base/clock.h"

#include <array>
#include <charconv>
#include <cstring>
#include <ctime>

namespace ringmaker::http {
namespace {

using namespace std::string_view_literals;  // whose lengths are known: append() need not count

/// A line break in a value would begin a field of its own.
bool breaks_line(std::string_view value) noexcept {
  bool found = false;
  for (const char c : value) {
    found |= c == '\r' || c == '\n';
  }
  return found;
}

void append_integer(std::string& out, uint64_t value, int radix = 10) {
  std::array<char, 20> text{};
  const auto [end, error] = std::to_chars(text.data(), text.data() + text.size(), value, radix);
  out.append(text.data(), end);
}

void append_field(std::string& out, std::string_view name, std::string_view value) {
  RM_CHECK(!breaks_line(value));
  out += name;
  out += ": "sv;
  out += value;
  out += "\r\n"sv;
}

}  // namespace

std::string_view reason_phrase(int status) noexcept {
  switch (status) {
    case 101:
      return "Switching Protocols";
    case 200:
      return "OK";
    case 204:
      return "No Content";
    case 400:
      return "Bad Request";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 406:
      return "Not Acceptable";
    case 408:
      return "Request Timeout";
    case 409:
      return "Conflict";
    case 411:
      return "Length Required";
    case 413:
      return "Content Too Large";
    case 414:
      return "URI Too Long";
    case 415:
      return "Unsupported Media Type";
    case 417:
      return "Expectation Failed";
    case 424:
      return "Failed Dependency";
    case 426:
      return "Upgrade Required";
    case 431:
      return "Request Header Fields Too Large";
    case 500:
      return "Internal Server Error";
    case 501:
      return "Not Implemented";
    case 503:
      return "Service Unavailable";
    case 505:
      return "HTTP Version Not Supported";
    case 507:
      return "Insufficient Storage";
    default:
      return "Unknown";
  }
}

std::string_view DateHeader::at(uint64_t wall_ns) noexcept {
  const uint64_t second = wall_ns / base::kNanosecondsPerSecond;
  if (second != second_) {
    second_ = second;
    constexpr const char* kDays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const auto time = static_cast<time_t>(second);
    std::tm parts{};
    ::gmtime_r(&time, &parts);
    std::array<char, 64> text{};
    std::snprintf(text.data(), text.size(), "%s, %02d %s %04d %02d:%02d:%02d GMT",
                  kDays[parts.tm_wday], parts.tm_mday, kMonths[parts.tm_mon], parts.tm_year + 1900,
                  parts.tm_hour, parts.tm_min, parts.tm_sec);
    std::memcpy(text_.data(), text.data(), text_.size());
  }
  return {text_.data(), text_.size()};
}

void append_head(std::string& out, const ResponseHead& head, const HeadFrame& frame,
                 std::string_view date) {
  if (head.status == 200) {
    out += "HTTP/1.1 200 OK\r\n"sv;
  } else {
    out += "HTTP/1.1 "sv;
    append_integer(out, static_cast<uint64_t>(head.status));
    out += ' ';
    out += reason_phrase(head.status);
    out += "\r\n"sv;
  }
  append_field(out, "Date", date);
  if (!head.content_type.empty()) {
    append_field(out, "Content-Type", head.content_type);
  }
  if (frame.framing == Framing::kLength) {
    out += "Content-Length: "sv;
    append_integer(out, frame.body_bytes);
    out += "\r\n"sv;
  } else if (frame.framing == Framing::kChunked) {
    out += "Transfer-Encoding: chunked\r\n"sv;
  }
  for (const Header& header : head.extra_headers) {
    append_field(out, header.name, header.value);
  }
  if (frame.connection == HeadFrame::Connection::kClose) {
    out += "Connection: close\r\n"sv;
  } else if (frame.connection == HeadFrame::Connection::kKeepAlive) {
    out += "Connection: keep-alive\r\n"sv;
  }
  out += "\r\n"sv;
}

void append_chunk(std::string& out, std::string_view data) {
  append_integer(out, data.size(), 16);
  out += "\r\n"sv;
  out += data;
  out += "\r\n"sv;
}

}  // namespace ringmaker::http
