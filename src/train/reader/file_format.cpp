#include "train/reader/file_format.h"

#include "base/text.h"
#include "wire/utf8.h"

#include <array>

namespace ringmaker::train {
namespace {

struct Magic {
  std::string_view bytes;
  std::string_view format;
};

using namespace std::string_view_literals;

constexpr std::array kMagics{
    Magic{"\x0a\x23\xd7\xce"sv, "recordio-protobuf"},
    Magic{"\x93NUMPY"sv, "an npy array of NumPy"},
    Magic{"PK\x03\x04"sv, "a zip archive, as .npz and .xlsx are"},
    Magic{"PK\x05\x06"sv, "an empty zip archive"},
    Magic{"\x1f\x8b"sv, "gzip within gzip"},
    Magic{"\xFD\x37zXZ"sv, "xz"},
    Magic{"\x28\xB5\x2F\xFD"sv, "zstd"},
    Magic{"PAR1"sv, "Parquet"},
    Magic{"ORC\x0a"sv, "ORC"},
    Magic{"Obj\x01"sv, "Avro"},
    Magic{"ARROW1\0"sv, "Arrow"},
    Magic{"\x89HDF"sv, "HDF5"},
    Magic{"%PDF-"sv, "PDF"},
};

/// Protocol 2 and later: a mark and the number of the protocol.
bool is_pickle(std::string_view start) noexcept {
  return start.size() > 1 && start[0] == '\x80' && start[1] >= 2 && start[1] <= 5;
}

/// The mark, a level, and the digits of pi that begin a block.
bool is_bzip2(std::string_view start) noexcept {
  constexpr size_t kBlockAt = 4;
  return start.starts_with("BZh") && start.size() > kBlockAt &&
         start.substr(kBlockAt).starts_with("1AY");
}

bool is_tar(std::string_view start) noexcept {
  constexpr size_t kMagicAt = 257;
  return start.size() > kMagicAt && start.substr(kMagicAt).starts_with("ustar");
}

/// An object, or a list of values; a column may well be named "[id]".
bool is_json(std::string_view text) noexcept {
  constexpr std::string_view kBlanks = " \t\r\n";
  const size_t next = text.find_first_not_of(kBlanks, 1);
  if (next == std::string_view::npos) {
    return false;
  }
  const std::string_view follows = text.front() == '{'   ? "\"}"sv
                                   : text.front() == '[' ? "[{\"]-0123456789"sv
                                                         : ""sv;
  return follows.find(text[next]) != std::string_view::npos;
}

bool is_markup(std::string_view text) noexcept {
  constexpr size_t kLongest = 9;
  const std::string start = base::lowercase(text.substr(0, kLongest));
  return start.starts_with("<!doctype") || start.starts_with("<html") || start.starts_with("<?xml");
}

}  // namespace

std::string_view foreign_format(std::string_view start) noexcept {
  for (const Magic& magic : kMagics) {
    if (start.starts_with(magic.bytes)) {
      return magic.format;
    }
  }
  if (is_pickle(start)) {
    return "a pickle of Python";
  }
  if (is_bzip2(start)) {
    return "bzip2";
  }
  if (is_tar(start)) {
    return "a tar archive";
  }
  start = wire::without_byte_order_mark(start);
  const size_t first = start.find_first_not_of(" \t\r\n");
  const std::string_view text =
      first == std::string_view::npos ? std::string_view() : start.substr(first);
  if (text.empty()) {
    return {};
  }
  return is_json(text) ? "JSON" : is_markup(text) ? "HTML or XML" : "";
}

}  // namespace ringmaker::train
