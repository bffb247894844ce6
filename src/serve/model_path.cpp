#include "serve/model_path.h"

#include "base/text.h"

#include <algorithm>
#include <charconv>

namespace ringmaker::serve {
namespace {

constexpr std::string_view kRoot = "/models";

}  // namespace

ModelPath parse_model_path(std::string_view path) noexcept {
  if (!path.starts_with(kRoot)) {
    return {};
  }
  path.remove_prefix(kRoot.size());
  if (path.empty()) {
    return {ModelPath::Kind::kAll, {}};
  }
  if (path.front() != '/') {
    return {};
  }
  path.remove_prefix(1);
  const size_t slash = path.find('/');
  const std::string_view name = path.substr(0, slash);
  if (name.empty()) {
    return {};
  }
  if (slash == std::string_view::npos) {
    return {ModelPath::Kind::kOne, name};
  }
  return path.substr(slash) == "/invoke" ? ModelPath{ModelPath::Kind::kInvoke, name} : ModelPath{};
}

std::optional<std::string> percent_decoded(std::string_view text) {
  std::string decoded;
  decoded.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      decoded += text[i];
      continue;
    }
    const char* const digits = text.data() + i + 1;
    if (text.size() - i < 3) {
      return std::nullopt;
    }
    unsigned char byte = 0;
    const auto [end, error] = std::from_chars(digits, digits + 2, byte, 16);
    if (error != std::errc() || end != digits + 2) {
      return std::nullopt;
    }
    decoded += static_cast<char>(byte);
    i += 2;
  }
  return decoded;
}

std::optional<std::string> query_value(std::string_view query, std::string_view name) {
  while (!query.empty()) {
    const std::string_view pair = query.substr(0, query.find('&'));
    const size_t equals = std::min(pair.find('='), pair.size());
    if (base::equals_ignoring_case(pair.substr(0, equals), name)) {
      const std::string_view value = pair.substr(std::min(equals + 1, pair.size()));
      return percent_decoded(value).value_or(std::string(value));
    }
    query.remove_prefix(std::min(query.size(), pair.size() + 1));
  }
  return std::nullopt;
}

}  // namespace ringmaker::serve
