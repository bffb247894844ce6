// PlatformFindings: what `doctor` says of SageMaker's directories, the model, the port and the
// variables.
#pragma once

#include "cli/command.h"
#include "cli/finding.h"
#include "config/serve_options.h"
#include "train/job/job.h"

#include <string>

namespace ringmaker::cli {

/// The directories of train below `base_dir`, and `model_dir`; empty: model below it. Whatever
/// train could not write to is a problem only where there is an input directory, which is what is
/// returned: elsewhere nobody means to train there. That there is no `base_dir` is a problem only
/// where it was `asked_for`.
bool find_layout(const std::string& base_dir, const std::string& model_dir, bool asked_for,
                 Findings& findings);

/// What would end the job before it has read its data. `job`: as train's options describe it.
void find_job(const base::Result<train::JobOptions>& job, Findings& findings);

/// The model that serve would load. That there is none is a problem only where one was `asked_for`.
void find_model(const std::string& model_dir, bool asked_for, Findings& findings);

void find_port(uint16_t port, Findings& findings);

/// Variables that are misspelt, unknown or without an effect.
void find_variables(const Call& call, Findings& findings);

}  // namespace ringmaker::cli
