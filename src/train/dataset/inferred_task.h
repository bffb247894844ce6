// InferredTask: what labels are taken for where the job does not say.
#pragma once

#include "data/schema.h"
#include "train/reader/csv_table.h"

#include <cstddef>
#include <string>

namespace ringmaker::train {

/// More different numbers than this are measurements, unless the job says otherwise.
inline constexpr size_t kInferredClassesMax = 20;

struct InferredTask {
  data::Task task = data::Task::kRegression;
  /// Why, and how to choose otherwise, without a full stop.
  std::string reason;
  /// A class has fewer than two rows on average: this may not be the column of labels.
  bool doubtful = false;
};

/// Texts are classes; so are at most kInferredClassesMax different whole numbers; anything else is
/// a regression.
[[nodiscard]] InferredTask infer_task(const CsvTable& table);

}  // namespace ringmaker::train
