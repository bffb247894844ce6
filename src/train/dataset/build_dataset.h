// From a table of the reader to the data set of a learner: what the labels mean.
#pragma once

#include "base/result.h"
#include "train/dataset/dataset.h"
#include "train/reader/csv_table.h"

#include <string>
#include <string_view>

namespace ringmaker::train {

/// There are two rows at least, and labels that `task` can have.
[[nodiscard]] base::Result<Dataset> build_training_set(CsvTable table, data::Task task);

/// A further set for a model of `train`, read with its layout: same columns, same classes.
/// `channel` names it in errors: "validation", "test".
[[nodiscard]] base::Result<Dataset> build_further_set(CsvTable table, const Dataset& train,
                                                      std::string_view channel);

}  // namespace ringmaker::train
