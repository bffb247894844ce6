#include "bench/latency/request_template.h"

#include "base/random.h"

#include <fmt/core.h>

#include <iterator>

namespace ringmaker::latency {
namespace {

void append_row(base::Random& random, size_t features, std::string& text) {
  for (size_t i = 0; i < features; ++i) {
    if (i > 0) {
      text.push_back(',');
    }
    fmt::format_to(std::back_inserter(text), "{:.6g}", random.uniform() * 40.0 - 10.0);
  }
}

}  // namespace

std::string csv_body(const RowShape& shape) {
  base::Random random(shape.seed);
  std::string body;
  for (size_t row = 0; row < shape.rows; ++row) {
    append_row(random, shape.features, body);
    body.push_back('\n');
  }
  return body;
}

std::string csv_body_of_size(size_t bytes, size_t features, uint64_t seed) {
  base::Random random(seed);
  std::string body;
  body.reserve(bytes);
  std::string row;
  do {
    body.append(row);
    row.clear();
    append_row(random, features, row);
    row.push_back('\n');
  } while (body.empty() || body.size() + row.size() <= bytes);
  return body;
}

std::string json_body(const RowShape& shape) {
  base::Random random(shape.seed);
  std::string body = "{\"instances\":[";
  for (size_t row = 0; row < shape.rows; ++row) {
    body.append(row > 0 ? ",{\"features\":[" : "{\"features\":[");
    append_row(random, shape.features, body);
    body.append("]}");
  }
  body.append("]}");
  return body;
}

std::string get_request(std::string_view path) {
  return fmt::format("GET {} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", path);
}

std::string post_request(std::string_view path, std::string_view content_type,
                         std::string_view body) {
  return fmt::format(
      "POST {} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: {}\r\nContent-Length: {}\r\n\r\n{}",
      path, content_type, body.size(), body);
}

}  // namespace ringmaker::latency
