// BoostedLinearPredictor: XGBoost's gblinear, to the last bit.
//
// LinearPredictor sums in many lanes and cannot give the bits of XGBoost's sum, which goes feature
// by feature; a boosted linear model is small, and plain loops over outputs are fast enough.
#pragma once

#include "base/cpu.h"
#include "model/linear/linear_kernels.h"
#include "model/model.h"
#include "model/predictor.h"

namespace ringmaker::model {

class BoostedLinearPredictor final : public Predictor {
 public:
  /// `linear` are the parameters of `model`, which has passed validate().
  BoostedLinearPredictor(const Model& model, const BoostedLinearParameters& linear,
                         base::InstructionSet set);

  [[nodiscard]] const data::Schema& schema() const noexcept override { return schema_; }
  [[nodiscard]] const data::OutputSchema& output() const noexcept override { return output_; }
  [[nodiscard]] std::string_view kind() const noexcept override { return "gblinear"; }
  [[nodiscard]] std::string_view instruction_set() const noexcept override {
    return base::name(set_);
  }
  /// As TreePredictor: an index where the score is one.
  void predict_raw(data::DenseView rows, data::DenseSpan raw) const noexcept override;
  void link(data::DenseSpan values) const noexcept override;

  void margins(data::DenseView rows, data::DenseSpan margins) const noexcept override;
  /// Weight times value, 0 of a missing one.
  void contributions(data::DenseView rows, double* values) const noexcept override;

 private:
  data::Schema schema_;
  data::OutputSchema output_;
  base::InstructionSet set_;
  const LinearKernels& kernels_;
  BoostedLinearParameters linear_;
};

}  // namespace ringmaker::model
