#include "cli/train_command.h"

#include "base/nearest_name.h"
#include "base/version.h"
#include "cli/log_setup.h"
#include "cli/terminal.h"
#include "config/training_input.h"
#include "train/job/foreign_names.h"
#include "train/job/job.h"
#include "train/job/request.h"

#include <fmt/core.h>

#include <algorithm>
#include <filesystem>

namespace ringmaker::cli {
namespace {

constexpr std::string_view kName = "train";
constexpr std::array<std::string_view, 3> kPlatforms{"auto", "sagemaker", "local"};
constexpr std::array<config::PlatformVariable, 1> kBaseDir{{{"SAGEMAKER_BASE_DIR"}}};

/// Options first, then a line without help for each hyperparameter.
std::span<const config::Option> table() {
  static const std::vector<config::Option> kAll = [] {
    std::vector<config::Option> options{
        {"data", "PATH", "", "training CSV, a file or a directory; SageMaker: the train channel"},
        {"validation", "PATH", "", "CSV to score each round on; SageMaker: the validation channel"},
        {.name = "label",
         .value_name = "COL",
         .default_value = "",
         .help = "the label's column: a name, or a position from 0 (-1: the last)",
         .hyperparameter = true},
        {"model-dir", "DIR", "", "where the model goes; SageMaker: model below base-dir"},
        {"hyperparameters", "LIST", "", "several at once: \"name=value name=value\""},
        config::kLogFormatOption,
        config::kLogLevelOption,
        {"platform",
         "WHERE",
         "auto",
         "sagemaker, local, or auto: by the arguments",
         {},
         kPlatforms},
        {"base-dir", "DIR", "/opt/ml", "root of SageMaker's directories", kBaseDir},
        {"rendezvous-port", "N", "7117", "TCP port on which the hosts of one job meet"},
        {"config", "FILE", "", "TOML file of options"},
    };
    for (const std::string_view name : train::hyperparameter_names()) {
      if (name != "label") {
        options.push_back({.name = name,
                           .value_name = "VALUE",
                           .default_value = "auto",
                           .help = "",
                           .hyperparameter = true});
      }
    }
    return options;
  }();
  return kAll;
}

bool is_hyperparameter(const config::Option& option) { return option.help.empty(); }

/// Spreads "name=value name=value": each becomes what its own flag or variable would be, unless
/// that is given too.
base::Result<void> spread(const std::string& list, std::string_view origin, bool as_variables,
                          config::Texts& texts) {
  std::vector<std::string> names;
  for (const config::Option& option : table()) {
    if (option.hyperparameter) {
      names.emplace_back(option.name);
    }
  }
  std::string_view rest = list;
  while (!rest.empty()) {
    const size_t blank = std::min(rest.find(' '), rest.size());
    const std::string_view item = rest.substr(0, blank);
    rest.remove_prefix(std::min(blank + 1, rest.size()));
    if (item.empty()) {
      continue;
    }
    const size_t equals = item.find('=');
    if (equals == std::string_view::npos) {
      return base::fail(base::ErrorCode::kInvalidInput,
                        fmt::format("{}: {} is not name=value", origin, config::quote(item)));
    }
    const std::string name(item.substr(0, equals));
    if (const std::string foreign = train::foreign_name_text(name); !foreign.empty()) {
      return base::fail(base::ErrorCode::kInvalidInput, fmt::format("{}: {}", origin, foreign));
    }
    if (std::find(names.begin(), names.end(), name) == names.end()) {
      return base::fail(base::ErrorCode::kInvalidInput,
                        fmt::format("{}: hyperparameter \"{}\" is unknown{}", origin, name,
                                    base::did_you_mean(name, names)));
    }
    texts.emplace(as_variables ? config::variable_of(name) : name, item.substr(equals + 1));
  }
  return {};
}

base::Result<Call> with_lists_spread(const Call& call) {
  Call spread_call = call;
  if (const std::string* flag = config::find_text(call.flags, "hyperparameters")) {
    RM_TRY(spread(*flag, "--hyperparameters", false, spread_call.flags));
  }
  if (const std::string* own = config::find_text(call.environment, "RINGMAKER_HYPERPARAMETERS")) {
    RM_TRY(spread(*own, "RINGMAKER_HYPERPARAMETERS", true, spread_call.environment));
  }
  return spread_call;
}

/// Of hyperparameters.json. What is wrong with the file is for the job to say.
config::Texts hyperparameters_below(const std::string& base_dir) {
  const auto read = config::read_hyperparameters(config::TrainingPaths::below(base_dir));
  return read ? config::Texts(read->all().begin(), read->all().end()) : config::Texts();
}

base::Result<train::JobOptions> job_of(const config::OptionValues& values) {
  RM_ASSIGN(const uint64_t rendezvous_port, values.integer("rendezvous-port", 1, 65'535));
  train::JobOptions job;
  job.rendezvous_port = static_cast<uint16_t>(rendezvous_port);
  job.data = values.text("data");
  job.validation = values.text("validation");
  job.model_dir = values.text("model-dir");
  job.base_dir = values.text("base-dir");
  for (const config::Option& option : values.table()) {
    const config::OptionValue& value = values.get(option.name);
    // The job reads hyperparameters.json itself.
    const bool given = value.source != config::OptionValue::Source::kDefault &&
                       value.source != config::OptionValue::Source::kHyperparameters;
    if (given && is_hyperparameter(option)) {
      job.hyperparameters.emplace(option.name, value.text);
      job.hyperparameter_origins.emplace(option.name, value.origin);
    } else if (given && option.name == "label") {
      job.label = value.text;
    }
  }
  return job;
}

/// What goes wrong before the job has begun is told where the platform looks for it; if that cannot
/// be, in the same line of the log.
int fail_early(const Call& call, const base::Error& error) {
  std::string root = "/opt/ml";
  for (const std::string* text : {config::find_text(call.environment, "SAGEMAKER_BASE_DIR"),
                                  config::find_text(call.environment, "RINGMAKER_BASE_DIR"),
                                  config::find_text(call.flags, "base-dir")}) {
    root = text != nullptr ? *text : root;
  }
  std::error_code none;
  if (call.inside_sagemaker && std::filesystem::is_directory(root, none)) {
    if (const auto written = train::write_failure(root, error); !written) {
      return report_failure(
          kName, {error.code(), fmt::format("{}; {}", error.message(), written.error().message())},
          call);
    }
  }
  return report_failure(kName, error, call);
}

/// Outside SageMaker nobody has laid out a directory of channels, unless the call says where.
base::Result<void> check_data(const config::OptionValues& values, const Call& call) {
  const bool told = !values.text("data").empty() || call.inside_sagemaker ||
                    values.get("base-dir").source != config::OptionValue::Source::kDefault;
  std::error_code none;
  if (!told && !std::filesystem::exists(values.text("base-dir") + "/input", none)) {
    return base::fail(base::ErrorCode::kInvalidInput,
                      "say what to train on, with --data FILE or --data DIR");
  }
  return {};
}

base::Result<void> check_choices(const config::OptionValues& values) {
  RM_TRY(values.choice("platform"));
  RM_TRY(config::make_log_settings(values));
  return {};
}

int run_train(const Call& call) {
  const auto values = resolve_train(call);
  if (!values) {
    return fail_early(call, values.error());
  }
  const auto job = make_job(*values, call);
  if (!job) {
    return fail_early(call, job.error());
  }
  const base::SystemClock clock;
  telemetry::Log log(clock, log_options(*config::make_log_settings(*values), call));
  log_surroundings(log, call, table());
  log.write(telemetry::Level::kInfo, "start",
            {{"version", std::string_view(base::kVersion)},
             {"platform", call.inside_sagemaker ? "sagemaker" : "local"},
             {"options", values->differences()}});
  const auto done = train::run_job(*job, log);
  log.flush();
  return done ? 0 : report_failure(kName, done.error(), call);
}

}  // namespace

base::Result<config::OptionValues> resolve_train(const Call& call) {
  RM_ASSIGN(const Call spread_call, with_lists_spread(call));
  RM_ASSIGN(config::OptionValues values, resolve(table(), spread_call));
  if (!values.text("data").empty()) {
    return values;
  }
  return resolve(table(), spread_call, hyperparameters_below(values.text("base-dir")));
}

base::Result<train::JobOptions> make_job(const config::OptionValues& values, const Call& call) {
  RM_TRY(check_choices(values));
  RM_TRY(check_data(values, call));
  RM_ASSIGN(train::JobOptions job, job_of(values));
  if (const std::string* epoch = config::find_text(call.environment, "SOURCE_DATE_EPOCH")) {
    job.source_date_epoch = *epoch;
  }
  return job;
}

Command train_command() {
  return {.name = kName,
          .summary = "Train a model on CSV data",
          .arguments = "",
          .options = table(),
          .examples = {"ringmaker train --data iris.csv --label species --model-dir model",
                       "ringmaker train --data d.csv --label y --model-dir m --l1 0.01 --epochs "
                       "50"},
          .run = run_train,
          .of_the_platform = true};
}

}  // namespace ringmaker::cli
