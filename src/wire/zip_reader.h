// ZipReader: the members of a ZIP archive, in their order, as its bytes arrive.
//
//   "PK\3\4" version flags method time crc coded size  name extra   content   [descriptor]
//   ... the same for each member, then the directory, which tells all of it once more:
//   "PK\1\2" ... for each member   ["PK\6\6" ...  "PK\6\7" ...]   "PK\5\6" ... comment
//
// Nothing is looked up in the directory, so that a member is read while the next is still on its
// way. Members are stored or deflated; sizes may have 64 bits; a writer that cannot seek puts them
// behind the content, in a descriptor ("PK\7\8" crc coded size, the mark being optional). Only who
// understands the content of a stored member can tell then where it ends: see expect().
// Source: PKWARE's APPNOTE.TXT, 6.3.
#pragma once

#include "wire/inflater.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace ringmaker::wire {

/// One archive at a time; keeps its memory. Not thread-safe.
class ZipReader {
 public:
  enum class Event : uint8_t {
    kNeedMore,   // all of the piece was taken
    kMember,     // a member begins: name()
    kContent,    // `bytes` of its content lie in the room
    kMemberEnd,  // its length and checksum are what the archive says
    kEnd,        // of the archive; told once
    kBroken,     // see problem()
  };
  struct Step {
    Event event = Event::kNeedMore;
    size_t bytes = 0;
  };

  void reset() noexcept;

  /// Goes on in `piece` at `at`, which moves behind what was taken. `room` is not empty.
  [[nodiscard]] Step next(std::string_view piece, size_t& at, std::span<char> room);

  [[nodiscard]] const std::string& name() const noexcept { return name_; }
  /// Where in the archive the member begins.
  [[nodiscard]] uint64_t member_byte() const noexcept { return member_byte_; }
  /// After kMember: the content does not tell its own end, and nothing of it comes before expect().
  [[nodiscard]] bool length_unknown() const noexcept { return length_unknown_; }
  /// There are at least so many bytes of content in all, which may come now. `exactly`: and no
  /// more.
  void expect(uint64_t bytes, bool exactly) noexcept;
  /// expect() has said where the content ends.
  [[nodiscard]] bool length_expected() const noexcept { return exactly_; }

  /// Within a member, its content or what tells of it.
  [[nodiscard]] bool in_member() const noexcept;
  /// The archive has come to its end.
  [[nodiscard]] bool at_end() const noexcept { return state_ == State::kBehind; }
  /// A few words.
  [[nodiscard]] std::string_view problem() const noexcept { return problem_; }

 private:
  enum class State : uint8_t {
    kMark,
    kHeader,
    kNameAndExtra,
    kStored,
    kDeflated,
    kDescriptorMark,
    kDescriptor,
    kDirectoryEntry,
    kDirectoryEnd64,
    kLocator64,
    kDirectoryEnd,
    kSkipped,
    kBehind,
  };

  /// Whether `bytes` of a record are together in kept_.
  [[nodiscard]] bool gather(std::string_view piece, size_t& at, size_t bytes);
  /// The next `bytes` are of no interest; then `after`.
  void skip(uint64_t bytes, State after) noexcept;
  [[nodiscard]] Step record(std::string_view piece, size_t& at);
  [[nodiscard]] Step take_mark();
  [[nodiscard]] Step take_header();
  [[nodiscard]] Step take_name_and_extra();
  [[nodiscard]] Step take_descriptor();
  [[nodiscard]] Step stored(std::string_view piece, size_t& at, std::span<char> room);
  [[nodiscard]] Step deflated(std::string_view piece, size_t& at, std::span<char> room);
  [[nodiscard]] Step content_ends();
  [[nodiscard]] Step member_ends(uint32_t crc, uint64_t coded, uint64_t size);
  [[nodiscard]] Step broken(std::string_view problem) noexcept;
  void look_for(State state) noexcept;

  State state_ = State::kMark;
  std::string kept_;            // of the record that is gathered
  uint64_t skip_ = 0;           // of kSkipped
  State after_ = State::kMark;  // of kSkipped
  uint64_t taken_ = 0;          // of the archive, by earlier calls
  uint64_t piece_byte_ = 0;     // where in the archive the piece begins
  bool any_ = false;            // some record has been read

  std::string name_;
  uint64_t member_byte_ = 0;
  uint32_t crc_said_ = 0;
  uint64_t coded_said_ = 0;
  uint64_t size_said_ = 0;
  bool descriptor_ = false;
  bool wide_ = false;  // sizes have 64 bits
  bool is_deflated_ = false;
  bool length_unknown_ = false;
  size_t name_bytes_ = 0;
  size_t extra_bytes_ = 0;
  uint64_t allowed_ = 0;  // of a stored member, in all
  bool exactly_ = false;  // and that is all of it
  bool stuck_ = false;    // no stream goes on here
  uint64_t coded_ = 0;
  uint64_t size_ = 0;
  uint32_t crc_ = 0;
  std::unique_ptr<Inflater> inflater_;  // made with the first deflated member
  std::string_view problem_;
};

}  // namespace ringmaker::wire
