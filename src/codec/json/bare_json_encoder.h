// BareJsonEncoder: {"predictions":[0.1,0.9]} or {"predictions":[[0.1,0.9],...]}: scores alone, as
// KServe's V1 protocol has them. What JSON has no number for is null.
#pragma once

#include "codec/encoder.h"

#include <string>

namespace ringmaker::codec {

class BareJsonEncoder final : public Encoder {
 public:
  explicit BareJsonEncoder(const data::OutputSchema& output)
      : columns_(output.score_columns()), lists_(output.scores_are_list()) {}

  [[nodiscard]] std::string_view content_type() const noexcept override;
  void encode(data::DenseView scores, const Portion& portion, std::string& out) const override;
  [[nodiscard]] size_t bytes_max(size_t rows) const noexcept override;

 private:
  size_t columns_;
  bool lists_;
};

}  // namespace ringmaker::codec
