#include "wire/zip_reader.h"

#include "base/check.h"
#include "wire/little_endian.h"

#include <algorithm>
#include <cstring>

namespace ringmaker::wire {
namespace {

using namespace std::string_view_literals;

constexpr size_t kMarkBytes = 4;
// All of a record that has a fixed place, behind its mark.
constexpr size_t kHeaderBytes = 26;
constexpr size_t kDirectoryEntryBytes = 42;
constexpr size_t kDirectoryEnd64Bytes = 8;
constexpr size_t kLocator64Bytes = 16;
constexpr size_t kDirectoryEndBytes = 18;

constexpr size_t kNameBytesMax = 1024;
constexpr uint32_t kElsewhere = 0xffffffffU;  // a size of 32 bits that stands among the extras
constexpr std::string_view kDescriptorMark = "PK\x07\x08"sv;

template <class T>
uint64_t number(std::string_view bytes, size_t at) noexcept {
  return load_little_endian<T>(bytes.data() + at);
}

/// The extra field of sizes of 64 bits; empty where there is none.
std::string_view wide_sizes(std::string_view extras) noexcept {
  constexpr uint64_t kWideSizes = 1;
  while (extras.size() >= 4) {
    const uint64_t kind = number<uint16_t>(extras, 0);
    const uint64_t bytes = number<uint16_t>(extras, 2);
    extras.remove_prefix(4);
    if (bytes > extras.size()) {
      return {};
    }
    if (kind == kWideSizes) {
      return extras.substr(0, bytes);
    }
    extras.remove_prefix(bytes);
  }
  return {};
}

}  // namespace

void ZipReader::reset() noexcept {
  look_for(State::kMark);
  taken_ = 0;
  any_ = false;
  name_.clear();
  member_byte_ = 0;
  problem_ = {};
}

void ZipReader::look_for(State state) noexcept {
  state_ = state;
  kept_.clear();
}

void ZipReader::skip(uint64_t bytes, State after) noexcept {
  look_for(State::kSkipped);
  skip_ = bytes;
  after_ = after;
}

ZipReader::Step ZipReader::broken(std::string_view problem) noexcept {
  problem_ = problem;
  return {Event::kBroken};
}

bool ZipReader::in_member() const noexcept {
  return state_ == State::kNameAndExtra || state_ == State::kStored || state_ == State::kDeflated ||
         state_ == State::kDescriptorMark || state_ == State::kDescriptor;
}

void ZipReader::expect(uint64_t bytes, bool exactly) noexcept {
  RM_CHECK(length_unknown_);
  allowed_ = bytes;
  exactly_ = exactly;
}

bool ZipReader::gather(std::string_view piece, size_t& at, size_t bytes) {
  const size_t more = std::min(bytes - std::min(bytes, kept_.size()), piece.size() - at);
  kept_.append(piece.substr(at, more));
  at += more;
  return kept_.size() >= bytes;
}

ZipReader::Step ZipReader::next(std::string_view piece, size_t& at, std::span<char> room) {
  RM_CHECK(!room.empty());
  const size_t begun = at;
  piece_byte_ = taken_ - begun;
  Step step;
  for (bool more = true; more;) {
    const State state = state_;
    const size_t before = at;
    if (state_ == State::kStored) {
      step = stored(piece, at, room);
    } else if (state_ == State::kDeflated) {
      step = deflated(piece, at, room);
    } else {
      step = record(piece, at);
    }
    // A record may end without a byte of its own, where it is empty.
    more = step.event == Event::kNeedMore && (state_ != state || at != before);
  }
  taken_ += at - begun;
  return step;
}

ZipReader::Step ZipReader::record(std::string_view piece, size_t& at) {
  const auto have = [&](size_t bytes) { return gather(piece, at, bytes); };
  switch (state_) {
    case State::kMark:
      if (kept_.empty()) {
        member_byte_ = piece_byte_ + at;
      }
      return have(kMarkBytes) ? take_mark() : Step{};
    case State::kHeader:
      return have(kHeaderBytes) ? take_header() : Step{};
    case State::kNameAndExtra:
      return have(name_bytes_ + extra_bytes_) ? take_name_and_extra() : Step{};
    case State::kDescriptorMark:
      if (have(kMarkBytes)) {
        state_ = State::kDescriptor;
        kept_.erase(0, kept_ == kDescriptorMark ? kMarkBytes : 0);
      }
      return {};
    case State::kDescriptor:
      return have(wide_ ? 20 : 12) ? take_descriptor() : Step{};
    case State::kDirectoryEntry:
      if (have(kDirectoryEntryBytes)) {
        skip(
            number<uint16_t>(kept_, 24) + number<uint16_t>(kept_, 26) + number<uint16_t>(kept_, 28),
            State::kMark);
      }
      return {};
    case State::kDirectoryEnd64:
      if (have(kDirectoryEnd64Bytes)) {
        skip(number<uint64_t>(kept_, 0), State::kMark);
      }
      return {};
    case State::kLocator64:
      if (have(kLocator64Bytes)) {
        look_for(State::kMark);
      }
      return {};
    case State::kDirectoryEnd:
      if (have(kDirectoryEndBytes)) {
        skip(number<uint16_t>(kept_, 16), State::kBehind);
      }
      return {};
    case State::kSkipped: {
      const auto more = static_cast<size_t>(std::min<uint64_t>(skip_, piece.size() - at));
      at += more;
      skip_ -= more;
      if (skip_ > 0) {
        return {};
      }
      look_for(after_);
      return {after_ == State::kBehind ? Event::kEnd : Event::kNeedMore};
    }
    case State::kBehind:
      return at < piece.size() ? broken("more bytes follow its end") : Step{};
    case State::kStored:
    case State::kDeflated:
      break;
  }
  RM_UNREACHABLE();
}

ZipReader::Step ZipReader::take_mark() {
  const bool first = !any_;
  any_ = true;
  if (kept_ == "PK\x03\x04"sv) {
    look_for(State::kHeader);
  } else if (kept_ == "PK\x01\x02"sv) {
    look_for(State::kDirectoryEntry);
  } else if (kept_ == "PK\x06\x06"sv) {
    look_for(State::kDirectoryEnd64);
  } else if (kept_ == "PK\x06\x07"sv) {
    look_for(State::kLocator64);
  } else if (kept_ == "PK\x05\x06"sv) {
    look_for(State::kDirectoryEnd);
  } else {
    return broken(first ? "it does not begin as a ZIP archive does"
                        : "what follows a member is no ZIP archive");
  }
  return {};
}

ZipReader::Step ZipReader::take_header() {
  constexpr unsigned kEncrypted = 1;
  constexpr unsigned kDescriptor = 8;
  const auto flags = static_cast<unsigned>(number<uint16_t>(kept_, 2));
  const uint64_t method = number<uint16_t>(kept_, 4);
  crc_said_ = static_cast<uint32_t>(number<uint32_t>(kept_, 10));
  coded_said_ = number<uint32_t>(kept_, 14);
  size_said_ = number<uint32_t>(kept_, 18);
  name_bytes_ = number<uint16_t>(kept_, 22);
  extra_bytes_ = number<uint16_t>(kept_, 24);
  descriptor_ = (flags & kDescriptor) != 0;
  is_deflated_ = method == 8;
  if ((flags & kEncrypted) != 0) {
    return broken("it is encrypted");
  }
  if (method != 0 && method != 8) {
    return broken("its members are neither stored nor deflated");
  }
  if (name_bytes_ > kNameBytesMax) {
    return broken("the name of a member is longer than 1 KiB");
  }
  look_for(State::kNameAndExtra);
  return {};
}

ZipReader::Step ZipReader::take_name_and_extra() {
  name_.assign(kept_, 0, name_bytes_);
  const std::string_view sizes = wide_sizes(std::string_view(kept_).substr(name_bytes_));
  wide_ = !sizes.empty();
  size_t at = 0;
  for (uint64_t* const said : {&size_said_, &coded_said_}) {
    if (*said == kElsewhere && at + 8 <= sizes.size()) {
      *said = number<uint64_t>(sizes, at);
      at += 8;
    }
  }
  coded_ = 0;
  size_ = 0;
  crc_ = 0;
  stuck_ = false;
  length_unknown_ = descriptor_ && !is_deflated_;
  allowed_ = length_unknown_ ? 0 : coded_said_;
  exactly_ = !length_unknown_;
  if (is_deflated_) {
    if (inflater_ == nullptr) {
      inflater_ = make_member_inflater();
    }
    inflater_->reset();
  }
  look_for(is_deflated_ ? State::kDeflated : State::kStored);
  return {Event::kMember};
}

ZipReader::Step ZipReader::stored(std::string_view piece, size_t& at, std::span<char> room) {
  if (size_ == allowed_ && exactly_) {
    return content_ends();
  }
  const uint64_t left = allowed_ - std::min(allowed_, size_);
  const auto bytes =
      static_cast<size_t>(std::min<uint64_t>({left, piece.size() - at, room.size()}));
  if (bytes == 0) {
    return {};
  }
  std::memcpy(room.data(), piece.data() + at, bytes);
  at += bytes;
  coded_ += bytes;
  size_ += bytes;
  crc_ = crc32(crc_, {room.data(), bytes});
  return {Event::kContent, bytes};
}

ZipReader::Step ZipReader::deflated(std::string_view piece, size_t& at, std::span<char> room) {
  // Not a byte of what follows goes to the inflater where its end is known.
  const uint64_t left = descriptor_ ? UINT64_MAX : coded_said_ - coded_;
  const std::string_view coded =
      piece.substr(at, static_cast<size_t>(std::min<uint64_t>(left, piece.size() - at)));
  if (stuck_) {
    return broken("it is no deflate stream");
  }
  const InflateStep done = inflater_->step(coded, room);
  at += done.consumed;
  coded_ += done.consumed;
  size_ += done.produced;
  crc_ = crc32(crc_, {room.data(), done.produced});
  stuck_ = done.broken;
  if (done.produced > 0) {
    return {Event::kContent, done.produced};
  }
  if (stuck_) {
    return broken("it is no deflate stream");
  }
  if (inflater_->at_end()) {
    return content_ends();
  }
  return done.consumed == left ? broken("it ends before its deflate stream does") : Step{};
}

ZipReader::Step ZipReader::content_ends() {
  if (descriptor_) {
    look_for(State::kDescriptorMark);
    return {};
  }
  return member_ends(crc_said_, coded_said_, size_said_);
}

ZipReader::Step ZipReader::take_descriptor() {
  const auto crc = static_cast<uint32_t>(number<uint32_t>(kept_, 0));
  return wide_ ? member_ends(crc, number<uint64_t>(kept_, 4), number<uint64_t>(kept_, 12))
               : member_ends(crc, number<uint32_t>(kept_, 4), number<uint32_t>(kept_, 8));
}

ZipReader::Step ZipReader::member_ends(uint32_t crc, uint64_t coded, uint64_t size) {
  // An archive of old may count in 32 bits what is larger.
  const auto fits = [this](uint64_t said, uint64_t found) {
    return said == found || (!wide_ && said == (found & UINT32_MAX));
  };
  if (!fits(coded, coded_) || !fits(size, size_)) {
    return broken("its length is not what the archive says");
  }
  if (crc != crc_) {
    return broken("its checksum is wrong");
  }
  look_for(State::kMark);
  return {Event::kMemberEnd};
}

}  // namespace ringmaker::wire
