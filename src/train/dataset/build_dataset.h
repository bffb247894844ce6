// From a table of the reader to the data set of a learner: what the labels mean.
#pragma once

#include "base/result.h"
#include "train/dataset/dataset.h"
#include "train/reader/csv_table.h"

#include <optional>
#include <string>
#include <string_view>

namespace ringmaker::train {

/// `task` empty: inferred from the labels. Texts are classes; so are at most 20 different whole
/// numbers; anything else is a regression. There are two rows at least.
[[nodiscard]] base::Result<Dataset> build_training_set(CsvTable table,
                                                       std::optional<data::Task> task);

/// A further set for a model of `train`, read with its layout: same columns, same classes.
/// `channel` names it in errors: "validation", "test".
[[nodiscard]] base::Result<Dataset> build_further_set(CsvTable table, const Dataset& train,
                                                      std::string_view channel);

}  // namespace ringmaker::train
