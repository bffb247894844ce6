#include "train/job/job.h"

#include "base/atomic_file.h"
#include "base/version.h"
#include "io/signals.h"
#include "model/artifact.h"
#include "train/channel/channel_files.h"
#include "train/dataset/build_dataset.h"
#include "train/dataset/column_review.h"
#include "train/dataset/fingerprint.h"
#include "train/distributed/rendezvous.h"
#include "train/learner/linear_learner.h"
#include "train/reader/csv_table.h"
#include "train/report/failure_file.h"
#include "train/report/metric_lines.h"

#include <fmt/format.h>

#include <array>
#include <chrono>
#include <filesystem>

namespace ringmaker::train {
namespace {

/// Where everything comes from and goes to, inside SageMaker or not.
struct Plan {
  config::Hyperparameters hyperparameters;
  config::Resources resources;
  std::string train_path;
  std::string validation_path;  // empty: none
  std::string label;
  std::string model_dir;
  std::string metrics_path;
  bool inside_sagemaker = false;
};

constexpr std::array<std::string_view, 9> kCommonNames{
    "algorithm", "predictor_type", "num_classes", "feature_dim", "label",
    "na_values", "drop_columns",   "csv_weights", "seed"};

base::Result<Plan> plan_from_files(const JobOptions& options) {
  const auto paths = config::TrainingPaths::below(options.base_dir);
  RM_ASSIGN(const config::TrainingInput input, config::read_training_input(paths));
  Plan plan;
  plan.inside_sagemaker = true;
  plan.hyperparameters = input.hyperparameters;
  plan.resources = input.resources;
  plan.model_dir = paths.model;
  plan.metrics_path = paths.output_data + "/metrics.json";
  for (const auto& [name, channel] : input.channels) {
    if (name == "code") {
      continue;
    }
    RM_TRY(check_channel(channel));
    if (channel.distribution == "ShardedByS3Key" && input.resources.hosts.size() > 1) {
      return base::fail(base::ErrorCode::kUnsupported,
                        fmt::format("the {} channel is sharded over {} hosts; training runs on "
                                    "one host, so use FullyReplicated data",
                                    name, input.resources.hosts.size()));
    }
    if (name == "train" || name == "training") {
      plan.train_path = paths.data + "/" + name;
    } else if (name == "validation") {
      plan.validation_path = paths.data + "/" + name;
    }
  }
  if (plan.train_path.empty()) {
    // Without a description the directories speak for themselves.
    for (const char* name : {"train", "training"}) {
      if (std::filesystem::exists(paths.data + "/" + name)) {
        plan.train_path = paths.data + "/" + name;
      }
    }
    if (std::filesystem::exists(paths.data + "/validation")) {
      plan.validation_path = paths.data + "/validation";
    }
  }
  if (plan.train_path.empty()) {
    return base::fail(base::ErrorCode::kNotFound,
                      fmt::format("there is no train channel below {}; name one \"train\" or "
                                  "\"training\"",
                                  paths.data));
  }
  return plan;
}

base::Result<Plan> make_plan(const JobOptions& options) {
  Plan plan;
  if (options.data.empty()) {
    RM_ASSIGN(plan, plan_from_files(options));
  } else {
    plan.train_path = options.data;
    plan.validation_path = options.validation;
  }
  if (!options.model_dir.empty()) {
    plan.model_dir = options.model_dir;
  }
  if (plan.model_dir.empty()) {
    return base::fail(base::ErrorCode::kInvalidInput,
                      "say where the model goes, with --model-dir DIR");
  }
  if (plan.metrics_path.empty()) {
    plan.metrics_path = plan.model_dir + "/metrics.json";
  }
  for (const auto& [name, value] : options.hyperparameters) {
    const std::string* origin = config::find_text(options.hyperparameter_origins, name);
    plan.hyperparameters.set(name, value, origin == nullptr ? "" : *origin);
  }
  plan.label =
      options.label.empty() ? plan.hyperparameters.text("label").value_or("") : options.label;
  return plan;
}

base::Result<void> check_hyperparameters(const Plan& plan) {
  RM_TRY(plan.hyperparameters.check_names(hyperparameter_names()));
  constexpr std::array<std::string_view, 1> kAlgorithms{"linear"};
  RM_TRY(plan.hyperparameters.choice("algorithm", "linear", kAlgorithms));
  return {};
}

base::Result<std::optional<data::Task>> task_of(const Plan& plan) {
  constexpr std::array<std::string_view, 3> kTypes{"binary_classifier", "multiclass_classifier",
                                                   "regressor"};
  if (!plan.hyperparameters.text("predictor_type")) {
    if (plan.inside_sagemaker) {
      return base::fail(base::ErrorCode::kInvalidInput,
                        fmt::format("hyperparameter \"predictor_type\" is required; it is one of "
                                    "{}",
                                    fmt::join(kTypes, ", ")));
    }
    return std::optional<data::Task>();
  }
  RM_ASSIGN(const std::string type, plan.hyperparameters.choice("predictor_type", "", kTypes));
  const data::Task task = type == "regressor"           ? data::Task::kRegression
                          : type == "binary_classifier" ? data::Task::kBinary
                                                        : data::Task::kMulticlass;
  return std::optional<data::Task>(task);
}

base::Result<CsvTable> read_channel(const Plan& plan, const std::string& path,
                                    std::string_view channel, const TrainingObserver& observer,
                                    const CsvLayout* of) {
  RM_ASSIGN(const auto files, list_files(path, channel));
  CsvOptions options;
  options.label = plan.label;
  options.drop_columns = plan.hyperparameters.list("drop_columns");
  options.missing_markers = plan.hyperparameters.list("na_values");
  RM_ASSIGN(options.weights, plan.hyperparameters.boolean("csv_weights", false));
  const ReadOptions read{.stop_requested = [&] { return observer.stop_requested(); }};
  RM_ASSIGN(CsvTable table, read_csv_table(files, options, read, of));
  fmt::print(
      stderr, "ringmaker train: {}: {} rows, {} features, {}, from {} file{} {}; label: {}\n",
      channel, table.labels.size(), table.layout.feature_names.size(),
      table.weights.empty() ? "no weights" : "weights in the second column", files.size(),
      files.size() == 1 ? "" : "s", table.layout.header ? "with a header" : "without a header",
      column_text(table.layout, table.layout.label_column));
  return table;
}

/// Why num_classes, which is not less than the classes there are, changes nothing; empty when it
/// says what is so.
std::string idle_class_count(uint64_t declared, const Dataset& train) {
  const size_t classes = train.output.class_names.size();
  if (train.output.task == data::Task::kRegression) {
    return fmt::format("num_classes={} is without effect: a regressor has no classes", declared);
  }
  return declared == classes
             ? std::string()
             : fmt::format(
                   "num_classes={} is without effect: the labels have {} different values, "
                   "and the model knows no others",
                   declared, classes);
}

base::Result<void> check_declared(const Plan& plan, const Dataset& train, MetricLines& lines) {
  RM_ASSIGN(const uint64_t features,
            plan.hyperparameters.integer("feature_dim", train.schema.feature_count(), 1, 1 << 24));
  if (features != train.schema.feature_count()) {
    return base::fail(base::ErrorCode::kInvalidInput,
                      fmt::format("hyperparameter \"feature_dim\" is {}; the data has {} features",
                                  features, train.schema.feature_count()));
  }
  const size_t classes = train.output.class_names.size();
  RM_ASSIGN(const uint64_t declared,
            plan.hyperparameters.integer("num_classes", classes, 2, 1'000'000));
  if (classes > declared) {
    return base::fail(base::ErrorCode::kInvalidInput,
                      fmt::format("hyperparameter \"num_classes\" is {}; the labels have {} "
                                  "different values",
                                  declared, classes));
  }
  if (plan.hyperparameters.text("num_classes")) {
    if (const std::string note = idle_class_count(declared, train); !note.empty()) {
      lines.on_note(note);
    }
  }
  return {};
}

std::string now_text() {
  const auto now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  std::tm parts{};
  ::gmtime_r(&now, &parts);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", parts.tm_year + 1900, parts.tm_mon + 1,
                     parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec);
}

base::Result<void> train_and_write(const Plan& plan, MetricLines& lines) {
  base::remove_stale_temporaries(plan.model_dir);
  base::remove_stale_temporaries(std::filesystem::path(plan.metrics_path).parent_path());
  RM_TRY(check_hyperparameters(plan));
  RM_ASSIGN(const auto task, task_of(plan));
  RM_ASSIGN(const LinearOptions linear_options, make_linear_options(plan.hyperparameters));
  if (task) {
    RM_TRY(loss_for(linear_options.loss.kind, *task));
  }
  RM_ASSIGN(CsvTable table, read_channel(plan, plan.train_path, "train", lines, nullptr));
  const CsvLayout layout = table.layout;
  RM_ASSIGN(Dataset train, build_training_set(std::move(table), task));
  train.schema.missing_markers = plan.hyperparameters.list("na_values");
  RM_TRY(check_declared(plan, train, lines));
  for (const std::string& sentence : review_columns(train)) {
    lines.on_note(sentence);
  }
  std::optional<Dataset> validation;
  if (!plan.validation_path.empty()) {
    RM_ASSIGN(CsvTable further,
              read_channel(plan, plan.validation_path, "validation", lines, &layout));
    RM_ASSIGN(validation, build_validation_set(std::move(further), train));
  }

  const LinearLearner learner(linear_options);
  RM_ASSIGN(model::Model model, learner.fit(train, validation ? &*validation : nullptr, lines));
  model.provenance.trained_by = fmt::format("ringmaker {}", base::kVersion);
  model.provenance.trained_at = now_text();
  model.provenance.data_fingerprint = fingerprint(train);
  for (const auto& [name, value] : plan.hyperparameters.all()) {
    model.provenance.hyperparameters.emplace_back(name, value);
  }
  model.provenance.metrics = lines.last();
  RM_TRY(base::write_file_atomically(plan.metrics_path, metrics_json(model)));
  return base::write_file_atomically(plan.model_dir + "/" + std::string(model::kArtifactFileName),
                                     model::encode_artifact(model));
}

/// The data is replicated: the leader trains on all of it, the others wait for it.
base::Result<void> train_or_wait(const Plan& plan, const RendezvousOptions& rendezvous,
                                 const io::Signals& signals) {
  MetricLines lines(signals);
  const StopRequested stop_requested = [&lines] { return lines.stop_requested(); };
  const config::Resources& resources = plan.resources;
  if (resources.hosts.size() == 1) {
    return train_and_write(plan, lines);
  }
  if (!resources.leader()) {
    fmt::print(stderr, "ringmaker train: {} waits for {}, which trains\n", resources.current_host,
               resources.hosts.front());
    return follow(resources, rendezvous, stop_requested);
  }
  RM_ASSIGN(Leader leader, Leader::listen(resources, rendezvous));
  auto trained = train_and_write(plan, lines);
  if (trained) {
    leader.dismiss(stop_requested);
  } else {
    leader.dismiss_failed(trained.error(), stop_requested);
  }
  return trained;
}

base::Result<void> run_planned(const JobOptions& options, const io::Signals& signals) {
  RM_ASSIGN(const Plan plan, make_plan(options));
  return train_or_wait(plan, {.port = options.rendezvous_port}, signals);
}

}  // namespace

std::vector<std::string_view> hyperparameter_names() {
  std::vector<std::string_view> names(kCommonNames.begin(), kCommonNames.end());
  const auto own = linear_hyperparameter_names();
  names.insert(names.end(), own.begin(), own.end());
  return names;
}

void write_failure(const std::string& base_dir, const base::Error& error) {
  write_failure_file(config::TrainingPaths::below(base_dir).failure, error);
}

base::Result<void> run_job(const JobOptions& options) {
  const io::Signals signals;
  auto done = run_planned(options, signals);
  const bool failed = !done && done.error().code() != base::ErrorCode::kCancelled;
  if (failed && options.data.empty()) {
    write_failure(options.base_dir, done.error());
  }
  return done;
}

}  // namespace ringmaker::train
