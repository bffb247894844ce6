// Request: what a job was asked to do, checked before hours are spent on reading its data.
#pragma once

#include "base/result.h"
#include "data/schema.h"
#include "train/job/job.h"
#include "train/job/plan.h"
#include "train/learner/linear_options.h"

#include <optional>
#include <string_view>
#include <vector>

namespace ringmaker::train {

/// Of all hyperparameters that a job takes.
[[nodiscard]] std::vector<std::string_view> hyperparameter_names();

struct Request {
  std::optional<data::Task> task;  // empty: read off the labels
  LinearOptions linear;
};

/// Names and values of all hyperparameters, and that the predictor is named where it must be.
[[nodiscard]] base::Result<Request> make_request(const Plan& plan);

/// Whatever would end the job before it reads its data, but for the places it writes to and the
/// port on which its hosts meet; changes nothing.
[[nodiscard]] std::vector<base::Error> check_job(const JobOptions& options);

}  // namespace ringmaker::train
