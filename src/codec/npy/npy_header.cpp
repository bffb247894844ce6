#include "codec/npy/npy_header.h"

#include "wire/little_endian.h"
#include "wire/number_format.h"

#include <algorithm>
#include <charconv>
#include <optional>

namespace ringmaker::codec {
namespace {

constexpr std::string_view kMagic = "\x93NUMPY";
constexpr size_t kAlignment = 64;

NpyParse refused(std::string_view problem) {
  return {.verdict = NpyVerdict::kRefused, .problem = problem};
}

/// Reads the header's dictionary, a literal of Python, key by key.
class Dictionary {
 public:
  explicit Dictionary(std::string_view text) : rest_(text) {}

  /// An empty answer: fine.
  std::string_view read(NpyHeader& header) {
    if (!take('{')) {
      return "the NPY header is no dictionary";
    }
    bool kind = false;
    bool order = false;
    bool shape = false;
    while (!take('}')) {
      const auto key = text();
      if (!key || !take(':')) {
        return "the NPY header is no dictionary";
      }
      std::string_view problem;
      if (*key == "descr" && !kind) {
        kind = true;
        problem = read_kind(header);
      } else if (*key == "fortran_order" && !order) {
        order = true;
        problem = read_order(header);
      } else if (*key == "shape" && !shape) {
        shape = true;
        problem = read_shape(header);
      } else {
        return "the NPY header has an unknown key, or one twice";
      }
      if (!problem.empty()) {
        return problem;
      }
      if (!take(',') && !peek('}')) {
        return "the NPY header is no dictionary";
      }
    }
    if (!kind || !order || !shape) {
      return "the NPY header lacks descr, fortran_order or shape";
    }
    skip_blanks();
    return rest_.empty() ? std::string_view() : "the NPY header has text behind its dictionary";
  }

 private:
  void skip_blanks() {
    rest_.remove_prefix(std::min(rest_.find_first_not_of(" \t\n"), rest_.size()));
  }
  bool peek(char c) {
    skip_blanks();
    return rest_.starts_with(c);
  }
  bool take(char c) {
    const bool there = peek(c);
    rest_.remove_prefix(there ? 1 : 0);
    return there;
  }
  bool take_word(std::string_view word) {
    skip_blanks();
    const bool there = rest_.starts_with(word);
    rest_.remove_prefix(there ? word.size() : 0);
    return there;
  }
  std::optional<std::string_view> text() {
    skip_blanks();
    if (rest_.empty() || (rest_.front() != '\'' && rest_.front() != '"')) {
      return std::nullopt;
    }
    const size_t end = rest_.find(rest_.front(), 1);
    if (end == std::string_view::npos) {
      return std::nullopt;
    }
    const std::string_view found = rest_.substr(1, end - 1);
    rest_.remove_prefix(end + 1);
    return found;
  }

  std::string_view read_kind(NpyHeader& header) {
    constexpr std::string_view kExpected =
        "the array is none of floats, integers or booleans (NPY descr)";
    const auto descr = text();
    if (!descr || descr->size() != 3) {
      return descr && descr->find('O') != std::string_view::npos
                 ? "arrays of Python objects are never read"
                 : kExpected;
    }
    const char order = (*descr)[0];
    const char kind = (*descr)[1];
    const auto bytes = static_cast<size_t>((*descr)[2] - '0');
    header.big_endian = order == '>';
    header.item_bytes = bytes;
    const bool power = bytes == 1 || bytes == 2 || bytes == 4 || bytes == 8;
    if (std::string_view("<>|=").find(order) == std::string_view::npos || !power) {
      return kExpected;
    }
    switch (kind) {
      case 'f':
        header.kind = NpyHeader::Kind::kFloat;
        return bytes == 1 ? kExpected : std::string_view();
      case 'i':
        header.kind = NpyHeader::Kind::kSigned;
        return {};
      case 'u':
        header.kind = NpyHeader::Kind::kUnsigned;
        return {};
      case 'b':
        header.kind = NpyHeader::Kind::kBool;
        return bytes == 1 ? std::string_view() : kExpected;
      default:
        return kExpected;
    }
  }

  std::string_view read_order(NpyHeader& header) {
    header.fortran_order = take_word("True");
    return header.fortran_order || take_word("False") ? std::string_view()
                                                      : "fortran_order is neither True nor False";
  }

  std::string_view read_shape(NpyHeader& header) {
    constexpr std::string_view kExpected =
        "the array's shape is neither (columns,) nor (rows, columns)";
    uint64_t sizes[2] = {0, 0};
    size_t dimensions = 0;
    if (!take('(')) {
      return kExpected;
    }
    while (!take(')')) {
      skip_blanks();
      uint64_t size = 0;
      const auto parsed = std::from_chars(rest_.data(), rest_.data() + rest_.size(), size);
      if (parsed.ec != std::errc() || dimensions == 2) {
        return kExpected;
      }
      rest_.remove_prefix(static_cast<size_t>(parsed.ptr - rest_.data()));
      take_word("L");  // as Python 2 wrote long integers
      sizes[dimensions++] = size;
      if (!take(',') && !peek(')')) {
        return kExpected;
      }
    }
    if (dimensions == 0) {
      return kExpected;
    }
    header.one_dimension = dimensions == 1;
    header.rows = dimensions == 1 ? 1 : sizes[0];
    header.columns = dimensions == 1 ? sizes[0] : sizes[1];
    constexpr uint64_t kSizeMax = uint64_t{1} << 40U;
    return header.rows > kSizeMax || header.columns > kSizeMax ? "the array is too large"
                                                               : std::string_view();
  }

  std::string_view rest_;
};

}  // namespace

NpyParse parse_npy_header(std::string_view bytes) noexcept {
  if (bytes.substr(0, kMagic.size()) != kMagic.substr(0, bytes.size())) {
    return refused("the payload is no NPY file");
  }
  if (bytes.size() < kMagic.size() + 2) {
    return {};
  }
  const auto major = static_cast<uint8_t>(bytes[kMagic.size()]);
  if (major < 1 || major > 3) {
    return refused("the NPY version is none of 1, 2 and 3");
  }
  const size_t size_bytes = major == 1 ? 2 : 4;
  const size_t begin = kMagic.size() + 2 + size_bytes;
  if (bytes.size() < begin) {
    return {};
  }
  const char* const size_at = bytes.data() + kMagic.size() + 2;
  const size_t size = major == 1 ? wire::load_little_endian<uint16_t>(size_at)
                                 : wire::load_little_endian<uint32_t>(size_at);
  if (size > kNpyHeaderBytesMax) {
    return refused("the NPY header is longer than 64 KiB");
  }
  if (bytes.size() < begin + size) {
    return {};
  }
  NpyParse parse{.verdict = NpyVerdict::kComplete, .consumed = begin + size};
  parse.problem = Dictionary(bytes.substr(begin, size)).read(parse.header);
  if (!parse.problem.empty()) {
    return refused(parse.problem);
  }
  return parse;
}

void append_npy_header(uint64_t rows, uint64_t columns, std::string& out) {
  const size_t begin = out.size();
  out += kMagic;
  out.append("\x01\x00", 2);  // version 1.0
  const size_t size_at = out.size();
  out.append(2, '\0');
  out += "{'descr': '<f4', 'fortran_order': False, 'shape': (";
  wire::append_number(out, rows);
  out += columns == 0 ? "," : ", ";
  if (columns > 0) {
    wire::append_number(out, columns);
  }
  out += "), }";
  out.append(kAlignment - (out.size() - begin + 1) % kAlignment, ' ');
  out += '\n';
  wire::store_little_endian(out.data() + size_at,
                            static_cast<uint16_t>(out.size() - size_at - sizeof(uint16_t)));
}

}  // namespace ringmaker::codec
