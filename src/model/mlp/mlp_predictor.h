// MlpPredictor: a dense network whose layers are packed for the kernels of an instruction set.
#pragma once

#include "base/cpu.h"
#include "model/dense/packed_matrix.h"
#include "model/dense/scaled_rows.h"
#include "model/linear/linear_kernels.h"
#include "model/model.h"
#include "model/predictor.h"

#include <vector>

namespace ringmaker::model {

/// Immutable, thread-safe. Rows get the same bits whatever the batch; the last bits depend on the
/// instruction set.
class MlpPredictor final : public Predictor {
 public:
  /// `mlp` are the parameters of `model`, which has passed validate().
  MlpPredictor(const Model& model, const MlpParameters& mlp, base::InstructionSet set);

  [[nodiscard]] const data::Schema& schema() const noexcept override { return schema_; }
  [[nodiscard]] const data::OutputSchema& output() const noexcept override { return output_; }
  [[nodiscard]] std::string_view kind() const noexcept override { return "mlp"; }
  [[nodiscard]] std::string_view instruction_set() const noexcept override {
    return base::name(set_);
  }
  void predict_raw(data::DenseView rows, data::DenseSpan raw) const noexcept override;
  void link(data::DenseSpan values) const noexcept override;

 private:
  struct Layer {
    PackedMatrix weights;
    std::vector<float> bias;
    Activation activation;
  };

  data::Schema schema_;
  data::OutputSchema output_;
  base::InstructionSet set_;
  Link link_;
  ScaledRows scaled_;
  std::vector<Layer> layers_;
  size_t width_ = 0;  // of the widest hidden layer
};

}  // namespace ringmaker::model
