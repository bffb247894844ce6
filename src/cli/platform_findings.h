// PlatformFindings: what `doctor` says of SageMaker's directories, the model, the port and the
// variables.
#pragma once

#include "cli/command.h"
#include "cli/finding.h"
#include "config/serve_options.h"

#include <string>

namespace ringmaker::cli {

/// The directories below `base_dir`. Whatever train would need and not find is a problem only where
/// there is an input directory: elsewhere nobody means to train there. That there is no `base_dir`
/// is a problem only where it was `asked_for`.
void find_layout(const std::string& base_dir, bool asked_for, Findings& findings);

/// The model that serve would load. That there is none is a problem only where one was `asked_for`.
void find_model(const std::string& model_dir, bool asked_for, Findings& findings);

void find_port(uint16_t port, Findings& findings);

/// Variables that are misspelt, unknown or without an effect.
void find_variables(const Call& call, Findings& findings);

}  // namespace ringmaker::cli
