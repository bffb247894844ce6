#include "cli/inspect_command.h"

#include "base/check.h"
#include "cli/model_card.h"
#include "cli/model_document.h"
#include "cli/model_text.h"
#include "cli/terminal.h"
#include "model/average/average_predictor.h"
#include "model/graph/graph_predictor.h"
#include "serve/model_store.h"

#include <fmt/core.h>

#include <array>
#include <filesystem>

namespace ringmaker::cli {
namespace {

constexpr std::string_view kName = "inspect";
constexpr std::array<config::Option, 3> kTable{{
    {"model-dir", "DIR", "", "directory of the model, or its file"},
    {"json", "", "false", "one JSON document"},
    {"card", "", "false", "the content of a SageMaker Model Card, as JSON"},
}};

base::Result<std::string> inspect(const Call& call) {
  RM_ASSIGN(const config::OptionValues values, resolve(kTable, call));
  RM_ASSIGN(const bool json, values.boolean("json"));
  RM_ASSIGN(const bool card, values.boolean("card"));
  if (json && card) {
    return base::fail(
        base::ErrorCode::kInvalidInput,
        "--json and --card are two documents; say which (--json holds the card, too)");
  }
  if (!call.words.empty() && call.flags.contains("model-dir")) {
    return base::fail(base::ErrorCode::kInvalidInput,
                      fmt::format("{} and --model-dir are two models; inspect looks at one",
                                  config::quote(call.words.front())));
  }
  const std::string& path = call.words.empty() ? values.text("model-dir") : call.words.front();
  if (path.empty()) {
    return base::fail(base::ErrorCode::kInvalidInput,
                      "say which model to look at, with --model-dir DIR");
  }
  return inspect_model(path, card   ? Description::kCard
                             : json ? Description::kJson
                                    : Description::kText);
}

int run_inspect(const Call& call) {
  const auto text = inspect(call);
  return text ? print_result(kName, *text, call.environment)
              : report(kName, text.error(), call.environment);
}

/// What the predictor of a file's model says of it.
ModelFile found_at(const std::string& path, const model::Predictor& predictor) {
  std::error_code error;
  const uint64_t bytes = std::filesystem::file_size(path, error);
  ModelFile file{.name = std::filesystem::path(path).filename().string(),
                 .bytes = error ? 0 : bytes,
                 .plan = predictor.plan()};
  if (!file.plan.empty()) {
    file.plan += fmt::format(" ({})", predictor.instruction_set());
  }
  if (const auto* graph = dynamic_cast<const model::GraphPredictor*>(&predictor)) {
    file.trees = graph->trees();
  }
  return file;
}

}  // namespace

base::Result<std::string> inspect_model(const std::string& path, Description form) {
  RM_ASSIGN(const model::Model model, serve::read_model(path));
  RM_ASSIGN(const auto paths, serve::model_files(path));
  RM_ASSIGN(const auto predictor, model::compile(model, base::detect_instruction_set()));
  const auto* average = dynamic_cast<const model::AveragePredictor*>(predictor.get());
  std::vector<ModelFile> files;
  files.reserve(paths.size());
  for (size_t i = 0; i < paths.size(); ++i) {
    files.push_back(found_at(paths[i], average == nullptr ? *predictor : *average->members()[i]));
  }
  switch (form) {
    case Description::kText:
      return describe_model(model, files);
    case Description::kJson:
      return describe_model_as_json(model, files);
    case Description::kCard:
      return model_card(model) + "\n";
  }
  RM_UNREACHABLE();
}

Command inspect_command() noexcept {
  return {.name = kName,
          .summary = "Tell what a model is",
          .arguments = "[DIR]",
          .options = kTable,
          .examples = {"ringmaker inspect model",
                       "ringmaker inspect --model-dir model --card > model_card.json"},
          .run = run_inspect,
          .words_max = 1};
}

}  // namespace ringmaker::cli
