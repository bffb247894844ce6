// SupportVectorPredictor: machines that share their vectors, one an output.
#pragma once

#include "base/cpu.h"
#include "model/dense/scaled_rows.h"
#include "model/linear/linear_kernels.h"
#include "model/model.h"
#include "model/predictor.h"
#include "model/support_vectors/kernel_rows.h"

#include <vector>

namespace ringmaker::model {

/// Immutable, thread-safe. Rows get the same bits whatever the batch; the last bits depend on the
/// instruction set. Sums over vectors are of doubles.
class SupportVectorPredictor final : public Predictor {
 public:
  /// `machine` are the parameters of `model`, which has passed validate().
  SupportVectorPredictor(const Model& model, const SupportVectorParameters& machine,
                         base::InstructionSet set);

  [[nodiscard]] const data::Schema& schema() const noexcept override { return schema_; }
  [[nodiscard]] const data::OutputSchema& output() const noexcept override { return output_; }
  [[nodiscard]] std::string_view kind() const noexcept override { return "svm"; }
  [[nodiscard]] std::string_view instruction_set() const noexcept override {
    return base::name(set_);
  }
  void predict_raw(data::DenseView rows, data::DenseSpan raw) const noexcept override;
  void link(data::DenseSpan values) const noexcept override;

 private:
  data::Schema schema_;
  data::OutputSchema output_;
  base::InstructionSet set_;
  Link link_;
  ScaledRows scaled_;
  KernelRows machine_;
  std::vector<float> coefficients_;
  std::vector<double> bias_;
};

}  // namespace ringmaker::model
