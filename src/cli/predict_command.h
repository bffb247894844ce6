// `ringmaker predict`: rows of a CSV file through a model, without a server.
#pragma once

#include "base/result.h"
#include "cli/command.h"

#include <string>

namespace ringmaker::cli {

struct PredictOptions {
  std::string model;        // a file, or a directory that holds one
  std::string input = "-";  // "-": standard input
  std::string output = "-";
  /// As in AnswerTable.
  std::string outputs = {};
  std::string rounds = {};
  /// Each answer stands behind its row's own text.
  bool keep_input = false;
};

[[nodiscard]] Command predict_command() noexcept;

/// The output file appears only when all rows are answered.
[[nodiscard]] base::Result<void> predict_file(const PredictOptions& options);

}  // namespace ringmaker::cli
