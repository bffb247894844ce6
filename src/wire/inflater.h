// Inflater: the coded bytes of a body or a file back to what they were, a bounded step at a time.
//
// The one door to zlib and libzstd. The caller says with the size of its buffer how much may come
// of one step, so that a few bytes that stand for gigabytes cost no more than others, and counts
// what has come. Streams of one coding may follow each other, as gzip's members and zstd's frames
// do.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

namespace ringmaker::wire {

enum class Coding : uint8_t {
  kGzip,     // RFC 1952
  kDeflate,  // RFC 1950; without its wrapping too, as many send it
  kZstd,     // RFC 8878, with windows of at most 8 MiB, as RFC 9659 has it
};
inline constexpr size_t kCodings = 3;

/// As HTTP calls it: "gzip", "deflate", "zstd".
[[nodiscard]] std::string_view name(Coding coding) noexcept;
/// The coding of that name in any case, "x-gzip" being gzip.
[[nodiscard]] std::optional<Coding> coding_named(std::string_view name) noexcept;

/// The coding of a file that begins so: gzip's or zstd's, which say it; nothing: plain.
[[nodiscard]] std::optional<Coding> coding_of(std::string_view start) noexcept;

struct InflateStep {
  size_t consumed = 0;  // of the coded bytes; all of them, unless the output is full
  size_t produced = 0;
  bool broken = false;  // see problem(); the position is behind the last byte consumed
};

/// One stream at a time; reusable through reset(), keeping its memory. Not thread-safe.
class Inflater {
 public:
  virtual ~Inflater() = default;

  virtual void reset() noexcept = 0;
  /// Takes coded bytes until they are used up or `out`, not empty, is full. A step that has filled
  /// `out` may have left more to come: step again with the rest, or with nothing.
  [[nodiscard]] virtual InflateStep step(std::string_view coded, std::span<char> out) noexcept = 0;
  /// The bytes taken are one whole stream or more, and all of it has come out.
  [[nodiscard]] virtual bool at_end() const noexcept = 0;
  /// Why the stream is broken, in a few words.
  [[nodiscard]] virtual std::string_view problem() const noexcept = 0;
  [[nodiscard]] virtual size_t bytes_held() const noexcept = 0;
};

/// Throws std::bad_alloc when there is no memory.
[[nodiscard]] std::unique_ptr<Inflater> make_inflater(Coding coding);
/// Of one bare deflate stream among other things, as a ZIP archive holds it: a step stops behind
/// its end and leaves what follows.
[[nodiscard]] std::unique_ptr<Inflater> make_member_inflater();

/// The CRC-32 of ZIP and gzip; `before`: that of the bytes before these, 0 where there are none.
[[nodiscard]] uint32_t crc32(uint32_t before, std::string_view bytes) noexcept;

}  // namespace ringmaker::wire
