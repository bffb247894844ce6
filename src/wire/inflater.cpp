#include "wire/inflater.h"

#include "base/check.h"

#include <zlib.h>
#include <zstd.h>
#include <zstd_errors.h>

#include <algorithm>
#include <array>
#include <limits>
#include <new>

namespace ringmaker::wire {
namespace {

constexpr std::array<std::string_view, kCodings> kNames{"gzip", "deflate", "zstd"};

/// gzip, and deflate with or without its wrapping.
class ZlibInflater final : public Inflater {
 public:
  /// `member`: one bare stream, behind which something else follows.
  explicit ZlibInflater(Coding coding, bool member = false)
      : coding_(coding), member_(member), bare_(member) {
    if (::inflateInit2(&state_, window_bits()) != Z_OK) {
      throw std::bad_alloc();
    }
  }
  ~ZlibInflater() override { ::inflateEnd(&state_); }
  ZlibInflater(const ZlibInflater&) = delete;
  ZlibInflater& operator=(const ZlibInflater&) = delete;

  void reset() noexcept override {
    place_ = Place::kBefore;
    bare_ = member_;
    problem_ = {};
    ::inflateReset2(&state_, window_bits());
  }

  [[nodiscard]] InflateStep step(std::string_view coded, std::span<char> out) noexcept override {
    InflateStep done;
    while (done.produced < out.size() && !done.broken) {
      const std::string_view rest = coded.substr(done.consumed);
      if (member_ && place_ == Place::kBehind) {
        break;
      }
      if (place_ != Place::kInside && !rest.empty()) {
        done.broken = !begin_stream(rest.front());
        continue;
      }
      if (place_ != Place::kInside || !inflate(rest, out.subspan(done.produced), done)) {
        break;
      }
    }
    return done;
  }

  [[nodiscard]] bool at_end() const noexcept override { return place_ == Place::kBehind; }
  [[nodiscard]] std::string_view problem() const noexcept override { return problem_; }
  [[nodiscard]] size_t bytes_held() const noexcept override {
    constexpr size_t kStateAndWindow = 48 * 1024;
    return kStateAndWindow;
  }

 private:
  enum class Place : uint8_t { kBefore, kInside, kBehind };  // of a stream

  [[nodiscard]] int window_bits() const noexcept {
    constexpr int kGzip = 16;
    return coding_ == Coding::kGzip ? kGzip + MAX_WBITS : bare_ ? -MAX_WBITS : MAX_WBITS;
  }

  /// False: no stream may begin here.
  bool begin_stream(char first) noexcept {
    if (place_ == Place::kBehind && coding_ == Coding::kDeflate) {
      problem_ = "more bytes follow its end";
      return false;
    }
    // The low half of a zlib header's first byte is 8; of a bare stream it would be a stored block
    // whose padding is not zero, which nobody writes.
    bare_ = member_ ||
            (coding_ == Coding::kDeflate && (static_cast<unsigned char>(first) & 0x0fU) != 8);
    ::inflateReset2(&state_, window_bits());
    place_ = Place::kInside;
    return true;
  }

  /// False: there is nothing more to do with these bytes.
  bool inflate(std::string_view coded, std::span<char> out, InflateStep& done) noexcept {
    constexpr size_t kMost = std::numeric_limits<uInt>::max();
    const auto given = static_cast<uInt>(std::min(coded.size(), kMost));
    const auto room = static_cast<uInt>(std::min(out.size(), kMost));
    // zlib reads through this pointer and never writes.
    state_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(coded.data()));
    state_.avail_in = given;
    state_.next_out = reinterpret_cast<Bytef*>(out.data());
    state_.avail_out = room;
    const int status = ::inflate(&state_, Z_NO_FLUSH);
    done.consumed += given - state_.avail_in;
    done.produced += room - state_.avail_out;
    if (status == Z_STREAM_END) {
      place_ = Place::kBehind;
      return true;
    }
    if (status == Z_BUF_ERROR) {
      return false;
    }
    if (status != Z_OK) {
      problem_ = state_.msg != nullptr   ? std::string_view(state_.msg)
                 : status == Z_NEED_DICT ? std::string_view("it needs a dictionary")
                                         : std::string_view("there is no memory for it");
      done.broken = true;
      return false;
    }
    return true;
  }

  Coding coding_;
  bool member_;
  Place place_ = Place::kBefore;
  bool bare_;
  z_stream state_{};
  std::string_view problem_;
};

class ZstdInflater final : public Inflater {
 public:
  ZstdInflater() : state_(::ZSTD_createDCtx()) {
    if (state_ == nullptr) {
      throw std::bad_alloc();
    }
    constexpr int kWindowLogMax = 23;
    ::ZSTD_DCtx_setParameter(state_, ZSTD_d_windowLogMax, kWindowLogMax);
  }
  ~ZstdInflater() override { ::ZSTD_freeDCtx(state_); }
  ZstdInflater(const ZstdInflater&) = delete;
  ZstdInflater& operator=(const ZstdInflater&) = delete;

  void reset() noexcept override {
    at_end_ = false;
    problem_ = {};
    ::ZSTD_DCtx_reset(state_, ZSTD_reset_session_only);
  }

  [[nodiscard]] InflateStep step(std::string_view coded, std::span<char> out) noexcept override {
    ZSTD_inBuffer in{coded.data(), coded.size(), 0};
    ZSTD_outBuffer text{out.data(), out.size(), 0};
    InflateStep done;
    while (text.pos < text.size && !(at_end_ && in.pos == in.size)) {
      const size_t taken = in.pos;
      const size_t given = text.pos;
      const size_t left = ::ZSTD_decompressStream(state_, &text, &in);
      if (::ZSTD_isError(left) != 0) {
        const bool window = ::ZSTD_getErrorCode(left) == ZSTD_error_frameParameter_windowTooLarge;
        problem_ = window ? "its window is larger than 8 MiB" : ::ZSTD_getErrorName(left);
        done.broken = true;
        break;
      }
      at_end_ = left == 0;
      if (in.pos == taken && text.pos == given) {
        break;
      }
    }
    done.consumed = in.pos;
    done.produced = text.pos;
    return done;
  }

  [[nodiscard]] bool at_end() const noexcept override { return at_end_; }
  [[nodiscard]] std::string_view problem() const noexcept override { return problem_; }
  [[nodiscard]] size_t bytes_held() const noexcept override { return ::ZSTD_sizeof_DCtx(state_); }

 private:
  ZSTD_DCtx* state_;
  bool at_end_ = false;
  std::string_view problem_;
};

char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool equals(std::string_view a, std::string_view b) noexcept {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

}  // namespace

std::string_view name(Coding coding) noexcept { return kNames[static_cast<size_t>(coding)]; }

std::optional<Coding> coding_of(std::string_view start) noexcept {
  constexpr std::string_view kGzipMagic("\x1f\x8b", 2);
  constexpr std::string_view kZstdMagic("\x28\xb5\x2f\xfd", 4);
  return start.starts_with(kGzipMagic)   ? std::optional(Coding::kGzip)
         : start.starts_with(kZstdMagic) ? std::optional(Coding::kZstd)
                                         : std::nullopt;
}

std::optional<Coding> coding_named(std::string_view name) noexcept {
  if (equals(name, "x-gzip")) {
    return Coding::kGzip;
  }
  const auto* const found = std::find_if(
      kNames.begin(), kNames.end(), [name](std::string_view one) { return equals(one, name); });
  return found == kNames.end() ? std::nullopt
                               : std::optional(static_cast<Coding>(found - kNames.begin()));
}

std::unique_ptr<Inflater> make_inflater(Coding coding) {
  switch (coding) {
    case Coding::kGzip:
    case Coding::kDeflate:
      return std::make_unique<ZlibInflater>(coding);
    case Coding::kZstd:
      return std::make_unique<ZstdInflater>();
  }
  RM_UNREACHABLE();
}

std::unique_ptr<Inflater> make_member_inflater() {
  return std::make_unique<ZlibInflater>(Coding::kDeflate, true);
}

uint32_t crc32(uint32_t before, std::string_view bytes) noexcept {
  return static_cast<uint32_t>(
      ::crc32_z(before, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}

}  // namespace ringmaker::wire
