// LinearPredictor: a linear model laid out for its kernels.
//
// The bias is moved to the point where every feature equals its fill: rows are scored by their
// distance from there, so that a missing value adds nothing and large features that vary little
// lose no digits.
#pragma once

#include "model/linear/linear_kernels.h"
#include "model/model.h"

#include <memory>

namespace ringmaker::model {

/// Immutable, thread-safe. Rows get the same bits whatever the batch and the instruction set.
class LinearPredictor final : public Predictor {
 public:
  /// `model` has passed validate(), and `linear` is its parameters.
  LinearPredictor(const Model& model, const LinearParameters& linear, base::InstructionSet set);

  [[nodiscard]] const data::Schema& schema() const noexcept override { return schema_; }
  [[nodiscard]] const data::OutputSchema& output() const noexcept override { return output_; }
  [[nodiscard]] std::string_view kind() const noexcept override { return "linear"; }
  [[nodiscard]] std::string_view instruction_set() const noexcept override {
    return base::name(set_);
  }
  void predict_raw(data::DenseView rows, data::DenseSpan raw) const noexcept override;
  void link(data::DenseSpan values) const noexcept override;
  /// Weight times the distance from the fill; the bias is what a row of fills answers.
  void contributions(data::DenseView rows, double* values) const noexcept override;

 private:
  data::Schema schema_;
  data::OutputSchema output_;
  base::InstructionSet set_;
  const LinearKernels& kernels_;
  const LinearKernels& kernels_of_one_;
  Link link_;
  data::DenseBlock padded_;  // outputs rows of weights, then one of fill; `stride` columns
  std::vector<double> bias_at_fill_;
  std::vector<float> bias_;  // the same
};

}  // namespace ringmaker::model
