#include "model/import/pickle_scan.h"

#include "wire/little_endian.h"

#include <fmt/core.h>

#include <algorithm>
#include <optional>
#include <string_view>

namespace ringmaker::model {
namespace {

using base::ErrorCode;
using base::fail;
using base::Result;
using std::string_view_literals::operator""sv;

/// What follows an opcode.
enum class Argument : uint8_t {
  kNone,
  kLine,
  kTwoLines,
  kByte,
  kTwoBytes,
  kFourBytes,
  kEightBytes,
  kShort,   // a length of one byte, and that many
  kMedium,  // of four
  kLong,    // of eight
  kUnknown,
};

Argument argument_of(char opcode) {
  struct Group {
    std::string_view opcodes;
    Argument argument;
  };
  static constexpr Group kGroups[] = {
      {"(.012RNQabd}el]ost)u\x81\x85\x86\x87\x88\x89\x8f\x90\x91\x92\x93\x94\x97\x98"sv,
       Argument::kNone},
      {"FILPSVgp"sv, Argument::kLine},
      {"ci"sv, Argument::kTwoLines},
      {"Khq\x80\x82"sv, Argument::kByte},
      {"M\x83"sv, Argument::kTwoBytes},
      {"Jjr\x84"sv, Argument::kFourBytes},
      {"G\x95"sv, Argument::kEightBytes},
      {"UC\x8c\x8a"sv, Argument::kShort},
      {"TBX\x8b"sv, Argument::kMedium},
      {"\x8d\x8e\x96"sv, Argument::kLong},
  };
  for (const Group& group : kGroups) {
    if (group.opcodes.find(opcode) != std::string_view::npos) {
      return group.argument;
    }
  }
  return Argument::kUnknown;
}

/// Opcodes whose argument is bytes: BINBYTES and its kin, BYTEARRAY8, Python 2's BINSTRING.
bool is_bytes(char opcode) { return "CBUT\x8e\x96"sv.find(opcode) != std::string_view::npos; }
/// BINUNICODE and its kin.
bool is_text(char opcode) { return "X\x8c\x8d"sv.find(opcode) != std::string_view::npos; }

/// UTF-8 of nothing beyond U+00FF, as the bytes it spells.
std::optional<std::vector<std::byte>> latin_bytes(std::string_view text) {
  std::vector<std::byte> bytes;
  bytes.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    auto value = static_cast<unsigned char>(text[i]);
    if (value >= 0x80) {
      if ((value != 0xC2 && value != 0xC3) || i + 1 == text.size()) {
        return std::nullopt;
      }
      const auto low = static_cast<unsigned char>(text[++i]);
      value = static_cast<unsigned char>((value & 3U) << 6U | (low & 0x3FU));
    }
    bytes.push_back(std::byte{value});
  }
  return bytes;
}

class Scan {
 public:
  explicit Scan(std::span<const std::byte> bytes)
      : reader_(bytes), text_(reinterpret_cast<const char*>(bytes.data()), bytes.size()) {}

  Result<PickledBytes> run() {
    for (char opcode = '\0'; opcode != '.';) {
      const size_t at = reader_.position();
      opcode = reader_.read<char>();
      if (reader_.failed() || !take_argument(opcode)) {
        return fail(ErrorCode::kCorrupt,
                    fmt::format("the Python pickle is cut off or damaged at byte {}", at));
      }
    }
    if (auto latin = latin_bytes(longest_text_); latin && latin->size() > longest_.size()) {
      found_.longest = std::move(*latin);
    } else {
      found_.longest.assign(longest_.begin(), longest_.end());
    }
    return std::move(found_);
  }

 private:
  bool take_argument(char opcode) {
    switch (argument_of(opcode)) {
      case Argument::kNone:
        return true;
      case Argument::kLine:
        return take_line();
      case Argument::kTwoLines:
        return take_line() && take_line();
      case Argument::kByte:
        return pass(1);
      case Argument::kTwoBytes:
        return pass(2);
      case Argument::kFourBytes:
        return pass(4);
      case Argument::kEightBytes:
        return pass(8);
      case Argument::kShort:
        return take_content(opcode, reader_.read<uint8_t>());
      case Argument::kMedium:
        return take_content(opcode, reader_.read<uint32_t>());
      case Argument::kLong:
        return take_content(opcode, reader_.read<uint64_t>());
      case Argument::kUnknown:
        break;
    }
    return false;
  }

  bool pass(size_t count) {
    reader_.skip(count);
    return !reader_.failed();
  }
  bool take_line() {
    const size_t begin = reader_.position();
    const size_t end = text_.find('\n', begin);
    if (end == std::string_view::npos) {
      return false;
    }
    note(reader_.take_text(end + 1 - begin));
    return true;
  }
  bool take_content(char opcode, uint64_t count) {
    const auto content = reader_.take(count);
    if (reader_.failed()) {
      return false;
    }
    const std::string_view text(reinterpret_cast<const char*>(content.data()), content.size());
    note(text);
    if (is_bytes(opcode) && content.size() > longest_.size()) {
      longest_ = content;
    }
    if (is_text(opcode) && text.size() > longest_text_.size()) {
      longest_text_ = text;
    }
    return true;
  }
  void note(std::string_view name) {
    found_.of_xgboost = found_.of_xgboost || name.starts_with("xgboost.core");
  }

  wire::LittleEndianReader reader_;
  std::string_view text_;
  std::span<const std::byte> longest_;
  std::string_view longest_text_;
  PickledBytes found_;
};

}  // namespace

bool is_pickle(std::span<const std::byte> bytes) noexcept {
  return bytes.size() >= 2 && bytes[0] == std::byte{0x80} && bytes[1] >= std::byte{2} &&
         bytes[1] <= std::byte{5};
}

Result<PickledBytes> scan_pickle(std::span<const std::byte> bytes) { return Scan(bytes).run(); }

}  // namespace ringmaker::model
