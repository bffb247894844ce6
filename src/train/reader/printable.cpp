#include "train/reader/printable.h"

#include "wire/utf8.h"

#include <cstddef>

namespace ringmaker::train {

std::string printable(std::string_view text) {
  std::string shown;
  shown.reserve(text.size());
  const bool utf8 = wire::is_utf8(text);
  for (size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    // U+0080 to U+009F are control characters as well: C2 80 to C2 9F.
    const bool control = utf8 && byte == 0xC2 && static_cast<unsigned char>(text[i + 1]) < 0xA0;
    i += control ? 1 : 0;
    shown += control || byte < 0x20 || byte == 0x7F || (byte >= 0x80 && !utf8) ? '?' : text[i];
  }
  return shown;
}

}  // namespace ringmaker::train
