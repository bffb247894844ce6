// CsvEncoder: one line a row: the value, P(class 1) or the margin, or the class probabilities
// joined by commas. A score that is not a number (of a row whose infinities cancel) is nan, and the
// row keeps its line: under batch transform one line in is one line out.
#pragma once

#include "codec/encoder.h"

namespace ringmaker::codec {

class CsvEncoder final : public Encoder {
 public:
  explicit CsvEncoder(const data::OutputSchema& output) noexcept
      : columns_(output.score_columns()) {}

  [[nodiscard]] std::string_view content_type() const noexcept override;
  void encode(data::DenseView scores, const Portion& portion, std::string& out) const override;
  [[nodiscard]] size_t bytes_max(size_t rows) const noexcept override;

 private:
  size_t columns_;
};

}  // namespace ringmaker::codec
