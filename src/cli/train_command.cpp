#include "cli/train_command.h"

#include "cli/serve_command.h"
#include "train/job/job.h"

#include <fmt/format.h>

#include <array>

namespace ringmaker::cli {
namespace {

constexpr std::array<config::Option, 7> kTable{{
    {"data", "", "training CSV, a file or a directory; SageMaker: the train channel", ""},
    {"validation", "", "CSV to score each round on", ""},
    {"label", "", "the label's column: a name, or a position from 0", ""},
    {"model-dir", "", "where the model goes; SageMaker: /opt/ml/model", ""},
    {"hyperparameters", "", "name=value, several separated by blanks", ""},
    {"base-dir", "/opt/ml", "root of SageMaker's directories", "SAGEMAKER_BASE_DIR"},
    {"rendezvous-port", "7117", "TCP port on which the hosts of one job meet", ""},
}};

base::Result<config::Texts> parse_hyperparameters(std::string_view text) {
  config::Texts parsed;
  while (!text.empty()) {
    const size_t blank = text.find(' ');
    const std::string_view item = text.substr(0, blank);
    text = blank == std::string_view::npos ? std::string_view() : text.substr(blank + 1);
    if (item.empty()) {
      continue;
    }
    const size_t equals = item.find('=');
    if (equals == std::string_view::npos) {
      return base::fail(base::ErrorCode::kInvalidInput,
                        fmt::format("\"{}\" is not name=value", item));
    }
    parsed.emplace(item.substr(0, equals), item.substr(equals + 1));
  }
  return parsed;
}

base::Result<void> run(const config::Texts& flags) {
  config::Texts file;
  if (const auto path = flags.find("config"); path != flags.end() && !path->second.empty()) {
    RM_ASSIGN(file, config::read_option_file(path->second));
  }
  RM_ASSIGN(
      const config::OptionValues values,
      config::resolve_options(kTable, flags, config::read_environment(), file, known_variables()));
  train::JobOptions job;
  job.data = values.text("data");
  job.validation = values.text("validation");
  job.label = values.text("label");
  job.model_dir = values.text("model-dir");
  job.base_dir = values.text("base-dir");
  RM_ASSIGN(const uint64_t port, values.integer("rendezvous-port", 1, 65535));
  job.rendezvous_port = static_cast<uint16_t>(port);
  RM_ASSIGN(job.hyperparameters, parse_hyperparameters(values.text("hyperparameters")));
  return train::run_job(job);
}

}  // namespace

std::span<const config::Option> train_option_table() noexcept { return kTable; }

int run_train(const config::Texts& flags, bool /*inside_sagemaker*/) {
  const auto done = run(flags);
  if (!done) {
    fmt::print(stderr, "ringmaker train: {}\n", done.error().message());
    return exit_code(done.error());
  }
  return 0;
}

}  // namespace ringmaker::cli
