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
  /// Comma list of score and the names of codec/selected/output_selection.h; empty: the score. Or
  /// of nothing but native, leaf, contributions and raw_score beside them, which come under a
  /// header.
  std::string outputs = {};
  /// "all" or "best": how many rounds of a boosted model score; empty: all for native, leaf and
  /// contributions, as the model's library does, else the best, as when it is served.
  std::string rounds = {};
  /// Each answer stands behind its row's own text.
  bool keep_input = false;
};

[[nodiscard]] Command predict_command() noexcept;

/// The output file appears only when all rows are answered.
[[nodiscard]] base::Result<void> predict_file(const PredictOptions& options);

}  // namespace ringmaker::cli
