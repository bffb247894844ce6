// Plan: what a job was asked for: where its data comes from and its model goes to.
#pragma once

#include "base/result.h"
#include "config/hyperparameters.h"
#include "config/training_input.h"
#include "train/job/job.h"

#include <array>
#include <ctime>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ringmaker::train {

/// Those that are used; of train and training the first that there is.
inline constexpr std::array<std::string_view, 4> kChannelNames{"train", "training", "validation",
                                                               "test"};

struct Plan {
  config::Hyperparameters hyperparameters;
  config::Resources resources;
  std::string train_path;
  std::string validation_path;  // empty: none
  std::string test_path;        // empty: none
  std::string label;
  std::string model_path;
  std::string metrics_path;
  std::vector<std::string> unused_channels;
  std::optional<std::time_t> source_date;  // stands for the time of training
  bool inside_sagemaker = false;
};

/// Inside SageMaker by the files below base_dir, outside by the options alone. Channels that are
/// not used are not looked at.
[[nodiscard]] base::Result<Plan> make_plan(const JobOptions& options);

/// What the job says of the channels that are used is what training reads; whatever else is wrong
/// with it is left to make_plan.
[[nodiscard]] base::Result<void> check_channels(const JobOptions& options);

/// One sentence about the channels that are not used; empty when all are.
[[nodiscard]] std::string unused_text(const Plan& plan);
/// Why no line will hold the score that a tuning job looks for, "validation:auc", as far as its
/// channel tells; empty where there is that channel, or none is named.
[[nodiscard]] std::string absent_channel_text(const Plan& plan, std::string_view metric);

}  // namespace ringmaker::train
