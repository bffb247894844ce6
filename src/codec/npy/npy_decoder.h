// NpyDecoder: an array file of NumPy to rows.
//
// Arrays of one dimension are one row. Values of every size of float, integer and boolean, in
// either byte order; a double too large for a float is an error. In C order rows are read as they
// arrive; an array in Fortran order, whose first row is complete only with its last column, is
// gathered first, which is why its size is bounded.
#pragma once

#include "codec/decoder.h"
#include "codec/npy/npy_header.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace ringmaker::codec {

class NpyDecoder final : public Decoder {
 public:
  static constexpr uint64_t kFortranBytesMax = uint64_t{64} << 20U;

  explicit NpyDecoder(const data::Schema& schema);

  using Decoder::reset;
  void reset(const PayloadOptions& options) noexcept override;
  DecodeProgress decode(std::string_view piece, bool last, size_t rows_max,
                        data::BlockWriter& writer) override;
  [[nodiscard]] const DecodeError& error() const noexcept override { return error_; }
  [[nodiscard]] uint64_t bytes_gathered() const noexcept override { return kept_.size(); }
  [[nodiscard]] bool ignored_columns() const noexcept override { return false; }

 private:
  struct Sink {
    data::BlockWriter& writer;
    size_t rows_max = 0;
    size_t rows = 0;
  };
  enum class Stage : uint8_t { kHeader, kRows, kGathering, kGathered };

  DecodeStatus take_header(std::string_view piece, size_t& at);
  [[nodiscard]] DecodeStatus check_header();
  DecodeStatus take_rows(std::string_view piece, size_t& at, Sink& sink);
  DecodeStatus gather(std::string_view piece, size_t& at);
  DecodeStatus take_gathered(Sink& sink);
  /// kNeedMore when there is room for another row.
  [[nodiscard]] static DecodeStatus room_in(const Sink& sink) noexcept;
  [[nodiscard]] bool convert_row(const char* first, size_t stride, Sink& sink);
  DecodeStatus fail(DecodeErrorCode code, std::string_view text, uint64_t byte);

  const data::Schema& schema_;
  Stage stage_ = Stage::kHeader;
  NpyHeader header_;
  std::string kept_;  // an incomplete header or row, or the whole array in Fortran order
  uint64_t rows_ = 0;
  uint64_t payload_bytes_ = 0;  // taken by earlier calls
  DecodeError error_;
};

}  // namespace ringmaker::codec
