#include "train/reader/printable.h"

#include "base/utf8.h"
#include "wire/utf8.h"

#include <algorithm>
#include <cstddef>

namespace ringmaker::train {
namespace {

/// U+0080 to U+009F are control characters as well: C2 80 to C2 9F.
bool is_control(std::string_view character) {
  const auto first = static_cast<unsigned char>(character[0]);
  return first < 0x20 || first == 0x7F ||
         (first == 0xC2 && static_cast<unsigned char>(character[1]) < 0xA0);
}

}  // namespace

std::string printable(std::string_view text) {
  std::string shown;
  shown.reserve(text.size());
  while (!text.empty()) {
    const size_t bytes = base::character_bytes(text);
    const std::string_view character = text.substr(0, std::max<size_t>(bytes, 1));
    text.remove_prefix(character.size());
    if (bytes > 0 && !is_control(character)) {
      shown += character;
      continue;
    }
    for (const char byte : character) {
      shown += wire::printable({&byte, 1});
    }
  }
  return shown;
}

}  // namespace ringmaker::train
