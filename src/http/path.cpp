#include "http/path.h"

#include "http/ascii.h"

namespace ringmaker::http {
namespace {

constexpr bool is_unreserved(char c) noexcept {
  return is_letter(c) || is_digit(c) || c == '-' || c == '.' || c == '_' || c == '~';
}

}  // namespace

std::string_view unescape_unreserved(std::string_view path, std::string& scratch) {
  if (path.find('%') == std::string_view::npos) {
    return path;
  }
  scratch.clear();
  for (size_t i = 0; i < path.size(); ++i) {
    const int high = path[i] == '%' && i + 2 < path.size() ? hex_value(path[i + 1]) : -1;
    const int low = high < 0 ? -1 : hex_value(path[i + 2]);
    const char meant = low < 0 ? '\0' : static_cast<char>(high * 16 + low);
    if (is_unreserved(meant)) {
      scratch += meant;
      i += 2;
    } else {
      scratch += path[i];
    }
  }
  return scratch;
}

}  // namespace ringmaker::http
