// Decoder: payload bytes to rows, in one go or as they arrive.
//
// A decoder writes complete rows through a data::BlockWriter and keeps what is needed of a row cut
// by the end of a piece, so the caller may drop every piece after the call. It can stop early, so
// that a caller may bound how long one call takes.
#pragma once

#include "codec/decode_error.h"
#include "codec/marked_records.h"
#include "data/block_writer.h"
#include "data/schema.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

namespace ringmaker::codec {

enum class DecodeStatus : uint8_t {
  kNeedMore,   // all of the piece was taken; give the next one
  kDone,       // the payload (last piece given) is decoded
  kBlockFull,  // the block has no room for the next row; `consumed` says where to go on
  kPaused,     // `rows_max` rows were written, or much was done; `consumed` says where to go on
  kError,      // see error(); the caller rolls the writer back
};

struct DecodeProgress {
  DecodeStatus status = DecodeStatus::kNeedMore;
  size_t consumed = 0;  // bytes of the piece taken
  size_t rows = 0;      // rows written by this call
};

/// How a payload is to be read, beyond what its format says.
struct PayloadOptions {
  /// From the media type of libsvm: what the first feature is called, 0 or 1; absent: as the model
  /// has it.
  std::optional<uint32_t> index_base{};
  /// From the media type of CSV (RFC 4180): the first line is a header, or a row; absent: what it
  /// looks like.
  std::optional<bool> header{};
  /// A record in error does not fail the payload, in formats that say where the next one begins.
  bool mark_records_in_error = false;
  /// That is wished for, but the answer's format has no place for a sentence.
  bool marks_have_no_place = false;
  /// Formats of one row a line: each line is a row, blank ones too, so that line n of the answer
  /// belongs to line n of the payload. A blank line then is a row of missing values where one value
  /// makes a row, a row of absent ones in libsvm, and otherwise an error, as a header is. Else
  /// blank lines are skipped, and a header names the columns below it.
  bool every_line_is_a_row = false;
  /// Of CSV, where one value makes a row: a blank line is a missing one, and not skipped.
  bool blank_lines_are_rows = false;
  /// Of tensors: so many bytes of JSON stand before values as bytes; absent: all is JSON.
  std::optional<uint64_t> json_bytes{};
};

/// One payload at a time; reusable through reset(), keeping its buffers. Not thread-safe.
class Decoder {
 public:
  virtual ~Decoder() = default;

  /// Starts a new payload. The schema given at construction decides width and names.
  virtual void reset(const PayloadOptions& options) noexcept = 0;
  void reset() noexcept { reset(PayloadOptions{}); }

  /// Takes the next piece; `last` says that the payload ends with it. After kBlockFull or kPaused
  /// the caller gives the rest of the same piece again (from `consumed` on), `last` unchanged.
  virtual DecodeProgress decode(std::string_view piece, bool last, size_t rows_max,
                                data::BlockWriter& writer) = 0;

  [[nodiscard]] virtual const DecodeError& error() const noexcept = 0;
  /// Those of the payload so far that nobody has taken out; null where records have no bounds that
  /// an error leaves standing.
  [[nodiscard]] virtual MarkedRecords* marked() noexcept { return nullptr; }
  /// What the payload so far says that its answer shall hold: names joined by commas; nothing where
  /// it does not say. Lives until reset().
  [[nodiscard]] virtual std::optional<std::string_view> outputs() const noexcept {
    return std::nullopt;
  }
  /// What the payload calls itself, as a JSON string, for its answer; empty where it does not.
  /// Lives until reset().
  [[nodiscard]] virtual std::string_view id() const noexcept { return {}; }
  /// Of an answer in tensors: the payload wants the values of this one of outputs() as bytes; of
  /// each, where it does not say which it wants.
  [[nodiscard]] virtual bool wants_bytes(size_t /*place*/) const noexcept { return false; }
  /// What of the payload so far is held until it can become rows, where that may be much.
  [[nodiscard]] virtual uint64_t bytes_gathered() const noexcept { return 0; }
  /// Set once decoding has begun: the payload's header names columns the model does not know.
  [[nodiscard]] virtual bool ignored_columns() const noexcept = 0;
};

/// The last two are those of inference protocols, which no media type names.
enum class Format : uint8_t {
  kCsv,
  kJson,
  kJsonLines,
  kLibsvm,
  kNpy,
  kNpz,
  kRecordio,
  kFloat32,
  kTensors,   // Open Inference Protocol, with or without values as bytes
  kBareJson,  // KServe V1 out: {"predictions":[score, ...]}
};
inline constexpr size_t kFormats = 10;
inline constexpr size_t kNamedFormats = 8;

/// `schema` must outlive the decoder. Not for kBareJson, which is an answer alone.
[[nodiscard]] std::unique_ptr<Decoder> make_decoder(Format format, const data::Schema& schema);

}  // namespace ringmaker::codec
