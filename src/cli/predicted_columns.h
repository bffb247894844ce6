// PredictedColumns: which columns `predict` writes for a row of scores, and their text.
#pragma once

#include "base/result.h"
#include "data/schema.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ringmaker::cli {

/// `output` must outlive it.
class PredictedColumns {
 public:
  /// `list` as in PredictOptions::outputs. A regression knows the score alone, and margins are no
  /// probabilities.
  [[nodiscard]] static base::Result<PredictedColumns> parse(std::string_view list,
                                                            const data::OutputSchema& output);

  /// "predicted_label,probability", without a line's end.
  [[nodiscard]] std::string header() const;
  /// The row's values joined by commas, without a line's end. A score may be nan; its label is
  /// empty then.
  void append(const float* scores, std::string& out) const;

 private:
  enum class Column : uint8_t { kScore, kPredictedLabel, kProbability, kProbabilities, kLabels };

  explicit PredictedColumns(const data::OutputSchema& output) : output_(&output) {}
  [[nodiscard]] static std::string_view name(Column column) noexcept;
  [[nodiscard]] static Column column_named(std::string_view name) noexcept;
  void append_column(Column column, const float* scores, std::string& out) const;

  const data::OutputSchema* output_;
  std::vector<Column> columns_;
};

}  // namespace ringmaker::cli
