// Encoder: scores to response bytes, a slice of rows at a time.
#pragma once

#include "codec/decoder.h"
#include "codec/selected/output_selection.h"
#include "data/dense_block.h"
#include "data/schema.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace ringmaker::codec {

/// What an answer in tensors, of which some are bytes, knows of its values before it is written:
/// the bytes of each output's, where only the rows tell.
struct TensorSizes {
  std::array<uint64_t, kOutputFields> bytes{};
};

/// Which part of an answer is encoded.
struct Portion {
  bool first = true;        // opens the document
  bool last = true;         // closes it
  uint64_t rows_total = 0;  // of the whole answer, for an encoder that needs it
  data::DenseView raw{};    // the raw values of the rows, for an encoder that wants them
  // The same, for one that explains.
  data::DenseView contributions{};
  data::DenseView leaves{};
  size_t pass = 0;               // of an encoder that has several
  std::string_view opening{};    // of an answer in tensors: members before "outputs", with a comma
  TensorSizes* sizes = nullptr;  // likewise: filled by its first pass, if nothing of the answer is
};

/// Stateless and thread-safe.
class Encoder {
 public:
  virtual ~Encoder() = default;

  /// The value of the response's Content-Type header.
  [[nodiscard]] virtual std::string_view content_type() const noexcept = 0;
  /// It reads Portion::raw, which costs whoever makes it.
  [[nodiscard]] virtual bool wants_raw() const noexcept { return false; }
  /// It reads Portion::contributions or leaves, which cost more.
  [[nodiscard]] virtual Explaining explaining() const noexcept { return {}; }
  /// It reads Portion::rows_total: nothing can be encoded before the last row is known.
  [[nodiscard]] virtual bool needs_rows_total() const noexcept { return false; }
  /// So often the rows are gone through, each time from the first to the last: an answer that is
  /// not written row by row needs it. first and last are those of a pass. The first may write
  /// nothing, and only fill Portion::sizes.
  [[nodiscard]] virtual size_t passes() const noexcept { return 1; }
  /// Bytes of JSON that stand before values as bytes, of an answer that has such. By what
  /// portion.sizes has come to.
  [[nodiscard]] virtual std::optional<uint64_t> json_bytes(const Portion& /*portion*/) const {
    return std::nullopt;
  }
  /// Appends the text of `scores`, which may be no row between two that are.
  virtual void encode(data::DenseView scores, const Portion& portion, std::string& out) const = 0;
  /// An upper bound of the bytes encode() appends for `rows` rows, beside Portion::opening.
  [[nodiscard]] virtual size_t bytes_max(size_t rows) const noexcept = 0;
};

/// `output` must outlive the encoder. Requires is_writable(format).
[[nodiscard]] std::unique_ptr<Encoder> make_encoder(Format format,
                                                    const data::OutputSchema& output);

}  // namespace ringmaker::codec
