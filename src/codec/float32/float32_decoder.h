// Float32Decoder: rows of little-endian float32 and nothing else, as
// `application/octet-stream; dtype=float32` declares them. NaN is a missing value.
#pragma once

#include "codec/decoder.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace ringmaker::codec {

class Float32Decoder final : public Decoder {
 public:
  explicit Float32Decoder(const data::Schema& schema);

  using Decoder::reset;
  void reset(const PayloadOptions& options) noexcept override;
  DecodeProgress decode(std::string_view piece, bool last, size_t rows_max,
                        data::BlockWriter& writer) override;
  [[nodiscard]] const DecodeError& error() const noexcept override { return error_; }
  [[nodiscard]] bool ignored_columns() const noexcept override { return false; }

 private:
  DecodeStatus finish();

  size_t row_bytes_;
  std::string kept_;  // of a row that the end of a piece cuts
  uint64_t rows_ = 0;
  uint64_t payload_bytes_ = 0;  // taken by earlier calls
  DecodeError error_;
};

}  // namespace ringmaker::codec
