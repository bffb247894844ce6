// PredictedColumns: which columns `predict` writes for a row of scores, and their text. Names,
// meaning and text are those of `serve`, whose encoders write them; "score" is what `serve` answers
// where nobody asks for anything.
#pragma once

#include "base/result.h"
#include "codec/encoder.h"
#include "data/schema.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace ringmaker::cli {

/// `output` must outlive it.
class PredictedColumns {
 public:
  /// `list` as in PredictOptions::outputs. The error says what a model with such scores gives.
  [[nodiscard]] static base::Result<PredictedColumns> parse(std::string_view list,
                                                            const data::OutputSchema& output);

  /// Some column holds raw values.
  [[nodiscard]] bool wants_raw() const noexcept;
  /// Some column explains.
  [[nodiscard]] codec::Explaining explaining() const noexcept;
  /// "predicted_label,probability", without a line's end.
  [[nodiscard]] std::string header() const;
  /// The row's values joined by commas, without a line's end. A score may be nan; its label is
  /// empty then. `beside` has what wants_raw() and explaining() ask for, of one row.
  void append(const float* scores, const codec::Portion& beside, std::string& out) const;

 private:
  struct Column {
    std::string name;
    std::unique_ptr<codec::Encoder> encoder;
  };

  explicit PredictedColumns(const data::OutputSchema& output) : output_(&output) {}
  base::Result<void> add(const std::string& wanted);

  const data::OutputSchema* output_;
  std::vector<Column> columns_;
};

}  // namespace ringmaker::cli
