// KMeansPredictor: the nearest of some points, and how far it is.
#pragma once

#include "base/cpu.h"
#include "model/dense/packed_matrix.h"
#include "model/dense/scaled_rows.h"
#include "model/model.h"
#include "model/predictor.h"

namespace ringmaker::model {

/// Immutable, thread-safe. A row with values that are no numbers but not missing has no nearest
/// point: both its values are NaN.
class KMeansPredictor final : public Predictor {
 public:
  /// `kmeans` are the parameters of `model`, which has passed validate().
  KMeansPredictor(const Model& model, const KMeansParameters& kmeans, base::InstructionSet set);

  [[nodiscard]] const data::Schema& schema() const noexcept override { return schema_; }
  [[nodiscard]] const data::OutputSchema& output() const noexcept override { return output_; }
  [[nodiscard]] std::string_view kind() const noexcept override { return "kmeans"; }
  [[nodiscard]] std::string_view instruction_set() const noexcept override {
    return base::name(set_);
  }
  /// Two columns: the number of the nearest centroid, and the distance to it.
  void predict_raw(data::DenseView rows, data::DenseSpan raw) const noexcept override;
  void link(data::DenseSpan /*values*/) const noexcept override {}

 private:
  data::Schema schema_;
  data::OutputSchema output_;
  base::InstructionSet set_;
  ScaledRows scaled_;
  PackedMatrix centroids_;
};

}  // namespace ringmaker::model
