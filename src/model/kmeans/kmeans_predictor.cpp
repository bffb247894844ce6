#include "model/kmeans/kmeans_predictor.h"

#include "model/tree/tree_scratch.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace ringmaker::model {
KMeansPredictor::KMeansPredictor(const Model& model, const KMeansParameters& kmeans,
                                 base::InstructionSet set)
    : schema_(model.schema),
      output_(model.output),
      set_(set),
      scaled_(dense_kernels(set), kmeans.scaling),
      centroids_(PackedMatrix::for_distances(
          dense_kernels(set), transposed(kmeans.centroids, schema_.feature_count()),
          schema_.feature_count(), kmeans.centroids.size() / schema_.feature_count())) {
  output_.values_by_name = true;
}

void KMeansPredictor::predict_raw(data::DenseView rows, data::DenseSpan raw) const noexcept {
  const size_t clusters = centroids_.columns();
  auto* squares = tree_scratch<float>(ScratchUse::kHidden, ScaledRows::kRowsMax * clusters);
  scaled_.for_each_slice(rows, [&](size_t first, size_t count, const float* values) {
    centroids_.square_distances(values, count, squares);
    for (size_t i = 0; i < count; ++i) {
      const float* row = squares + i * clusters;
      const float* nearest = std::min_element(row, row + clusters);
      const bool known = std::isfinite(*nearest);
      float* out = raw.row(first + i);
      out[0] = known ? static_cast<float>(nearest - row) : std::numeric_limits<float>::quiet_NaN();
      out[1] = known ? std::sqrt(*nearest) : std::numeric_limits<float>::quiet_NaN();
    }
  });
}

}  // namespace ringmaker::model
