// JsonEncoder: {"predictions":[row,...]}, each row as JsonRowWriter writes it.
#pragma once

#include "codec/encoder.h"
#include "codec/json/json_row_writer.h"

#include <string>

namespace ringmaker::codec {

class JsonEncoder final : public Encoder {
 public:
  explicit JsonEncoder(const data::OutputSchema& output) : rows_(output) {}

  [[nodiscard]] std::string_view content_type() const noexcept override;
  void encode(data::DenseView scores, const Portion& portion, std::string& out) const override;
  [[nodiscard]] size_t bytes_max(size_t rows) const noexcept override;

 private:
  JsonRowWriter rows_;
};

}  // namespace ringmaker::codec
