#include "codec/recordio/recordio_reader.h"

#include "wire/little_endian.h"

#include <algorithm>

namespace ringmaker::codec {
namespace {

constexpr uint32_t kMagic = 0xCED7230A;
constexpr std::string_view kMagicBytes = "\x0A\x23\xD7\xCE";
constexpr size_t kHeaderBytes = 8;
constexpr uint32_t kFlagShift = 29;
constexpr uint32_t kFlagLast = 3;

}  // namespace

void RecordioReader::reset() noexcept {
  kept_.clear();
  parts_.clear();
  in_parts_ = false;
  record_is_kept_ = false;
  put_back_ = false;
  record_ = {};
  frame_byte_ = 0;
  payload_bytes_ = 0;
}

/// Gathers up to `bytes` in kept_; false when the piece ends first.
bool RecordioReader::fill(size_t bytes, std::string_view piece, size_t& at) {
  const size_t taken = std::min(bytes - std::min(bytes, kept_.size()), piece.size() - at);
  kept_.append(piece.substr(at, taken));
  at += taken;
  payload_bytes_ += taken;
  return kept_.size() >= bytes;
}

RecordioReader::Found RecordioReader::next_frame(std::string_view piece, size_t& at,
                                                 std::string_view& content, Part& part) {
  if (kept_.empty()) {
    frame_byte_ = payload_bytes_;
  }
  const bool lies_in_piece = kept_.empty() && piece.size() - at >= kHeaderBytes;
  if (!lies_in_piece && !fill(kHeaderBytes, piece, at)) {
    return Found::kNothing;
  }
  const char* const header = lies_in_piece ? piece.data() + at : kept_.data();
  const auto word = wire::load_little_endian<uint32_t>(header + sizeof kMagic);
  const size_t length = word & ((uint32_t{1} << kFlagShift) - 1);
  const uint32_t flag = word >> kFlagShift;
  if (wire::load_little_endian<uint32_t>(header) != kMagic) {
    return Found::kBadMagic;
  }
  if (flag > kFlagLast) {
    return Found::kBadPart;
  }
  if (length > record_bytes_max_) {
    return Found::kTooLong;
  }
  part = static_cast<Part>(flag);
  const size_t size = kHeaderBytes + (length + 3) / 4 * 4;
  if (lies_in_piece && piece.size() - at >= size) {
    content = piece.substr(at + kHeaderBytes, length);
    at += size;
    payload_bytes_ += size;
    return Found::kRecord;
  }
  if (!fill(size, piece, at)) {
    return Found::kNothing;
  }
  content = std::string_view(kept_).substr(kHeaderBytes, length);
  record_is_kept_ = true;
  return Found::kRecord;
}

RecordioReader::Found RecordioReader::next(std::string_view piece, size_t& at) {
  if (put_back_) {
    put_back_ = false;
    return Found::kRecord;
  }
  for (;;) {
    if (record_is_kept_) {
      record_is_kept_ = false;
      kept_.clear();
    }
    std::string_view content;
    Part part = Part::kWhole;
    if (const Found found = next_frame(piece, at, content, part); found != Found::kRecord) {
      return found;
    }
    if (in_parts_ != (part == Part::kMiddle || part == Part::kLast)) {
      return Found::kBadPart;
    }
    if (part == Part::kWhole) {
      record_ = content;
      return Found::kRecord;
    }
    if (part == Part::kFirst) {
      in_parts_ = true;
      parts_ = content;
      continue;
    }
    if (parts_.size() + content.size() > record_bytes_max_) {
      return Found::kTooLong;
    }
    parts_.append(kMagicBytes).append(content);
    if (part == Part::kLast) {
      in_parts_ = false;
      record_ = parts_;
      return Found::kRecord;
    }
  }
}

void RecordioReader::put_back() {
  const bool lies_in_parts = record_.data() == parts_.data();
  if (!record_is_kept_ && !lies_in_parts) {
    kept_ = record_;
    record_is_kept_ = true;
    record_ = kept_;
  }
  put_back_ = true;
}

}  // namespace ringmaker::codec
