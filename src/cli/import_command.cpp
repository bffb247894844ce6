#include "cli/import_command.h"

#include "base/atomic_file.h"
#include "base/random.h"
#include "cli/terminal.h"
#include "model/artifact.h"
#include "model/tree/trees_view.h"
#include "serve/model_store.h"

#include <fmt/core.h>

#include <array>
#include <cstring>
#include <filesystem>
#include <limits>
#include <vector>

namespace ringmaker::cli {
namespace {

using base::ErrorCode;
using base::fail;
using base::Result;

constexpr size_t kSampleRows = 256;
/// Values of all sample rows together, so that wide models are checked as fast.
constexpr size_t kSampleValuesMax = size_t{1} << 20;

/// Rows of small numbers, of the thresholds of the model's own nodes, and of missing values.
std::vector<float> sample_rows(const model::Model& model, size_t rows) {
  base::Random random(1);
  const auto* trees = std::get_if<model::TreeParameters>(&model.parameters);
  const size_t columns = model.schema.feature_count();
  std::vector<float> values(rows * columns);
  for (float& value : values) {
    const double choice = random.uniform();
    value = choice < 0.1 ? std::numeric_limits<float>::quiet_NaN()
                         : static_cast<float>(random.uniform() * 20 - 10);
  }
  const model::TreeEnsemble none;
  const model::NodesView nodes(trees == nullptr ? none : trees->ensemble);
  for (size_t i = 0; i < nodes.size() && i < rows; ++i) {
    const model::TreeNode node = nodes[i * nodes.size() / rows];
    if (node.feature < columns) {
      values[i * columns + node.feature] = static_cast<float>(node.threshold);
    }
  }
  return values;
}

Result<std::vector<float>> scores_of(const model::Model& model, const std::vector<float>& rows) {
  RM_ASSIGN(const auto predictor, serve::prepare_predictor(model, base::detect_instruction_set()));
  const size_t columns = model.schema.feature_count();
  const size_t count = rows.size() / columns;
  std::vector<float> scores(count * model.output.score_columns());
  predictor->predict({rows.data(), count, columns},
                     {scores.data(), count, model.output.score_columns()});
  return scores;
}

Result<void> expect_same_answers(const model::Model& model, const model::Model& written) {
  const size_t columns = model.schema.feature_count();
  const size_t count = std::max<size_t>(1, std::min(kSampleRows, kSampleValuesMax / columns));
  const std::vector<float> rows = sample_rows(model, count);
  RM_ASSIGN(const std::vector<float> expected, scores_of(model, rows));
  RM_ASSIGN(const std::vector<float> found, scores_of(written, rows));
  if (std::memcmp(expected.data(), found.data(), expected.size() * sizeof(float)) != 0) {
    return fail(ErrorCode::kCorrupt,
                "what would be written answers differently from the original: this is a mistake in "
                "Ringmaker, please report it");
  }
  return {};
}

constexpr std::string_view kName = "import";
constexpr std::array<config::Option, 2> kTable{{
    {.name = "output",
     .value_name = "DIR",
     .default_value = ".",
     .help = "directory that gets model.ringmaker",
     .letter = 'o'},
    {"model-dir", "DIR", "", "the same as --output"},
}};

Result<std::string> run(const Call& call) {
  RM_ASSIGN(const config::OptionValues values, resolve(kTable, call));
  if (call.words.empty()) {
    return fail(ErrorCode::kInvalidInput, "say which file to import: ringmaker import FILE");
  }
  RM_ASSIGN(const std::string directory, text_of_either(values, "output", "model-dir"));
  std::error_code error;
  if (std::filesystem::exists(directory, error) &&
      !std::filesystem::is_directory(directory, error)) {
    return fail(ErrorCode::kInvalidInput,
                fmt::format("--output: {} is no directory; name one", directory));
  }
  return import_file(call.words.front(), directory);
}

int run_import(const Call& call) {
  const auto done = run(call);
  return done ? print_result(kName, *done, call.environment)
              : report(kName, done.error(), call.environment);
}

}  // namespace

Result<std::string> import_file(const std::string& path, const std::string& directory) {
  RM_ASSIGN(const model::Model model, serve::read_model(path));
  if (std::holds_alternative<model::AverageParameters>(model.parameters)) {
    return fail(ErrorCode::kInvalidInput,
                fmt::format("{} holds several models, which are served from their directory: "
                            "import one file at a time",
                            path));
  }
  const std::vector<std::byte> bytes = model::encode_artifact(model);
  RM_ASSIGN(const model::Model written, model::decode_artifact(bytes));
  RM_TRY(expect_same_answers(model, written));
  const std::string target = directory + "/" + std::string(model::kArtifactFileName);
  RM_TRY(base::write_file_atomically(target, bytes));
  return fmt::format("{}: {} of {} inputs, {} bytes, answers as {} does\n", target,
                     model::kind(model), model.schema.feature_count(), bytes.size(), path);
}

Command import_command() noexcept {
  return {.name = kName,
          .summary = "Turn a model of XGBoost, LightGBM or ONNX into one of ours",
          .arguments = "FILE",
          .options = kTable,
          .examples = {"ringmaker import xgboost-model -o model",
                       "ringmaker import model.json -o /opt/ml/model"},
          .run = run_import,
          .words_max = 1};
}

}  // namespace ringmaker::cli
