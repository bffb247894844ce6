#include "model/import/pickle_scan.h"

#include "wire/little_endian.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <string_view>
#include <utility>

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

/// What protocol 0 writes of a text: Latin-1, and \uXXXX for all else.
std::optional<std::vector<std::byte>> escaped_bytes(std::string_view text) {
  std::vector<std::byte> bytes;
  bytes.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    auto value = static_cast<unsigned char>(text[i]);
    if (text.substr(i).starts_with("\\u")) {
      constexpr size_t kDigits = 4;
      const std::string_view digits = text.substr(i + 2, kDigits);
      const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
      if (digits.size() != kDigits || read.ec != std::errc() ||
          read.ptr != digits.data() + kDigits) {
        return std::nullopt;
      }
      i += 1 + kDigits;
    }
    bytes.push_back(std::byte{value});
  }
  return bytes;
}

/// Which class the outermost object is of. It is named before anything else, and the last that
/// happens is that the object gets its state.
class OutermostClass {
 public:
  /// A text, or the module of a GLOBAL.
  void name(std::string_view text) {
    before_last_ = last_;
    last_ = text;
  }
  void pass(char opcode) {
    constexpr std::string_view kFrames = "\x80\x95(pqr\x94";  // of protocols, marks and memories
    if (kFrames.find(opcode) != std::string_view::npos) {
      return;
    }
    ends_with_state_ = opcode == 'b' || (ends_with_state_ && opcode == '.');
    if (known_ || is_text(opcode)) {
      return;
    }
    // Protocols 0 and 1 name a function first that makes an object of a class.
    if (opcode == 'c' && (last_ == "copy_reg" || last_ == "copyreg")) {
      return;
    }
    known_ = true;
    if (opcode == 'c' || opcode == '\x93') {
      of_xgboost_ = (opcode == 'c' ? last_ : before_last_).starts_with("xgboost.");
    }
  }
  [[nodiscard]] bool is_another() const { return known_ && !of_xgboost_; }
  [[nodiscard]] bool is_of_xgboost() const { return of_xgboost_ && ends_with_state_; }

 private:
  std::string_view last_;
  std::string_view before_last_;
  bool known_ = false;
  bool of_xgboost_ = false;
  bool ends_with_state_ = false;
};

class Scan {
 public:
  explicit Scan(std::span<const std::byte> bytes)
      : reader_(bytes), text_(reinterpret_cast<const char*>(bytes.data()), bytes.size()) {}

  Result<PickleContent> run() {
    for (char opcode = '\0'; opcode != '.';) {
      const size_t at = reader_.position();
      opcode = reader_.read<char>();
      const bool taken = !reader_.failed() && take_argument(opcode);
      if (taken) {
        outermost_.pass(opcode);
      }
      // What joblib writes goes on with the bytes of arrays, which are no opcodes.
      if (outermost_.is_another() || (!taken && by_joblib_)) {
        return PickleContent{.by_joblib = by_joblib_};
      }
      if (!taken) {
        return fail(ErrorCode::kCorrupt,
                    fmt::format("the Python pickle is cut off or damaged at byte {}", at));
      }
    }
    content_.of_xgboost = outermost_.is_of_xgboost();
    return std::move(content_);
  }

 private:
  bool take_argument(char opcode) {
    switch (argument_of(opcode)) {
      case Argument::kNone:
        return true;
      case Argument::kLine:
        return take_line(opcode);
      case Argument::kTwoLines:
        return take_line(opcode) && take_line('\0');
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
  bool take_line(char opcode) {
    const size_t begin = reader_.position();
    const size_t end = text_.find('\n', begin);
    if (end == std::string_view::npos) {
      return false;
    }
    std::string_view line = reader_.take_text(end + 1 - begin);
    line.remove_suffix(1);
    if (opcode == 'c') {
      note(line);
    }
    if (opcode == 'V') {
      add(escaped_bytes(line));
    }
    return true;
  }
  bool take_content(char opcode, uint64_t count) {
    const auto content = reader_.take(count);
    if (reader_.failed()) {
      return false;
    }
    const std::string_view text(reinterpret_cast<const char*>(content.data()), content.size());
    if (is_bytes(opcode) && content.size() >= PickleContent::kStringBytesMin) {
      content_.strings.emplace_back(content.begin(), content.end());
    }
    if (is_text(opcode)) {
      note(text);
      add(latin_bytes(text));
    }
    return true;
  }
  void note(std::string_view name) {
    outermost_.name(name);
    by_joblib_ = by_joblib_ || name.starts_with("joblib.");
  }
  void add(std::optional<std::vector<std::byte>> bytes) {
    if (bytes && bytes->size() >= PickleContent::kStringBytesMin) {
      content_.strings.push_back(std::move(*bytes));
    }
  }

  wire::LittleEndianReader reader_;
  std::string_view text_;
  OutermostClass outermost_;
  bool by_joblib_ = false;
  PickleContent content_;
};

/// "cmodule\n_reconstructor\n": protocols 0 and 1 begin an object so.
bool begins_an_object(std::string_view text) {
  const size_t line = text.find('\n');
  return text.starts_with('c') && line != std::string_view::npos && line > 1 &&
         text.substr(line + 1).starts_with("_reconstruct") &&
         text.find('\n', line + 1) != std::string_view::npos;
}

}  // namespace

bool is_pickle(std::span<const std::byte> bytes) noexcept {
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  if (text.size() >= 2 && text[0] == '\x80') {
    return text[1] >= 2 && text[1] <= 5;
  }
  constexpr std::array kContainers{"(dp0\n"sv, "(lp0\n"sv, "}q\0"sv, "]q\0"sv};
  return begins_an_object(text) || std::ranges::any_of(kContainers, [&](std::string_view mark) {
           return text.starts_with(mark);
         });
}

Result<PickleContent> scan_pickle(std::span<const std::byte> bytes) { return Scan(bytes).run(); }

}  // namespace ringmaker::model
