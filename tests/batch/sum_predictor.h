// A model whose scores can be told by looking: a row's score is the sum of its two values.
#pragma once

#include "model/predictor.h"

#include <functional>
#include <vector>

namespace ringmaker::batch {

/// Remembers how many rows each call had. Its contributions are the values themselves, with a bias
/// of 0, and its one leaf is a tenth of the first value.
class SumPredictor final : public model::Predictor {
 public:
  SumPredictor() {
    schema_.feature_names = {"a", "b"};
    output_.task = data::Task::kRegression;
    output_.explanation.explain(1, 2);
    output_.explanation.leaves = 1;
  }
  [[nodiscard]] const data::Schema& schema() const noexcept override { return schema_; }
  [[nodiscard]] const data::OutputSchema& output() const noexcept override { return output_; }
  [[nodiscard]] std::string_view kind() const noexcept override { return "sum"; }
  [[nodiscard]] std::string_view instruction_set() const noexcept override { return "none"; }
  void predict_raw(data::DenseView rows, data::DenseSpan raw) const noexcept override {
    calls.push_back(rows.rows);
    if (while_scoring) {
      while_scoring(rows.rows);
    }
    for (size_t i = 0; i < rows.rows; ++i) {
      raw.row(i)[0] = rows.row(i)[0] + rows.row(i)[1];
    }
  }
  /// Times link_factor.
  void link(data::DenseSpan values) const noexcept override {
    for (size_t i = 0; i < values.rows * values.columns; ++i) {
      values.values[i] *= link_factor;
    }
  }
  [[nodiscard]] size_t rows_at_once() const noexcept override { return at_once; }
  size_t at_once = 1;
  void contributions(data::DenseView rows, double* values) const noexcept override {
    for (size_t i = 0; i < rows.rows; ++i) {
      *values++ = static_cast<double>(rows.row(i)[0]);
      *values++ = static_cast<double>(rows.row(i)[1]);
      *values++ = 0;
    }
  }
  void leaves(data::DenseView rows, uint32_t* names) const noexcept override {
    for (size_t i = 0; i < rows.rows; ++i) {
      names[i] = static_cast<uint32_t>(rows.row(i)[0]) / 10;
    }
  }
  float link_factor = 1;
  std::function<void(size_t rows)> while_scoring;
  mutable std::vector<size_t> calls;

 private:
  data::Schema schema_;
  data::OutputSchema output_;
};

}  // namespace ringmaker::batch
