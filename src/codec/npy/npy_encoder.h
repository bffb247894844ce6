// NpyEncoder: scores as an array file of NumPy, float32 in C order: (rows,) for one score a row,
// else (rows, scores).
#pragma once

#include "codec/encoder.h"

#include <string>

namespace ringmaker::codec {

class NpyEncoder final : public Encoder {
 public:
  explicit NpyEncoder(const data::OutputSchema& output) noexcept
      : columns_(output.score_columns()) {}

  [[nodiscard]] std::string_view content_type() const noexcept override;
  [[nodiscard]] bool needs_rows_total() const noexcept override { return true; }
  void encode(data::DenseView scores, const Portion& portion, std::string& out) const override;
  [[nodiscard]] size_t bytes_max(size_t rows) const noexcept override;

 private:
  size_t columns_;
};

}  // namespace ringmaker::codec
