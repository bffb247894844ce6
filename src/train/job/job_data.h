// JobData: the data of a job, read as its plan says, and held against what was declared of it.
#pragma once

#include "base/result.h"
#include "telemetry/log.h"
#include "train/channel/channel_files.h"
#include "train/dataset/dataset.h"
#include "train/job/plan.h"
#include "train/learner/learner.h"
#include "train/reader/csv_table.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ringmaker::train {

/// The files below `path`; an error where there are none. `channel` names them.
[[nodiscard]] base::Result<std::vector<DataFile>> list_channel(const Plan& plan,
                                                               const std::string& path,
                                                               std::string_view channel);

/// The hyperparameters that say what the data is like have values that can be.
[[nodiscard]] base::Result<void> check_declarations(const Plan& plan);

/// Each channel that is used has files, and they may be opened.
[[nodiscard]] base::Result<void> check_files(const Plan& plan);

/// All files below `path`; what they hold is told in the log, what is doubtful in a note. `channel`
/// names them, in errors too. `of`: the layout of the training data, for further data; null for
/// that of training. The reading ends with kCancelled once `observer` asks to stop.
[[nodiscard]] base::Result<CsvTable> read_channel(const Plan& plan, const std::string& path,
                                                  std::string_view channel,
                                                  TrainingObserver& observer, telemetry::Log& log,
                                                  const CsvLayout* of);

/// Data beside that of training, read as it was; nothing where `path` is empty.
[[nodiscard]] base::Result<std::optional<Dataset>> read_further(
    const Plan& plan, const std::string& path, std::string_view channel, const Dataset& train,
    const CsvLayout& layout, TrainingObserver& observer, telemetry::Log& log);

/// feature_dim and num_classes say no less than the data has, else kInvalidInput. A num_classes
/// that changes nothing is a note.
[[nodiscard]] base::Result<void> check_declared(const Plan& plan, const Dataset& train,
                                                TrainingObserver& observer);

}  // namespace ringmaker::train
