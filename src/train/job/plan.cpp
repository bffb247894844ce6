#include "train/job/plan.h"

#include "model/artifact.h"
#include "train/channel/channel_files.h"
#include "train/report/training_time.h"

#include <fmt/format.h>

#include <filesystem>

namespace ringmaker::train {
namespace {

/// The member of the plan that holds a channel's path; null for a channel that is not used.
std::string* path_of(Plan& plan, std::string_view channel) {
  if (channel == "train" || (channel == "training" && plan.train_path.empty())) {
    return &plan.train_path;
  }
  return channel == "validation" ? &plan.validation_path
         : channel == "test"     ? &plan.test_path
                                 : nullptr;
}

/// Channels come sorted by name, so that "train" is taken before "training".
void place_channels(const config::TrainingInput& input, const config::TrainingPaths& paths,
                    Plan& plan) {
  for (const auto& [name, channel] : input.channels) {
    if (std::string* path = path_of(plan, name)) {
      *path = paths.data + "/" + name;
    } else if (name != "code") {  // of script mode, and no data
      plan.unused_channels.push_back(name);
    }
  }
}

/// Without a description the directories speak for themselves, "train" before "training".
base::Result<void> find_channels(const config::TrainingPaths& paths, Plan& plan) {
  for (const std::string_view name : kChannelNames) {
    const std::string directory = fmt::format("{}/{}", paths.data, name);
    std::error_code error;
    const auto status = std::filesystem::status(directory, error);
    if (status.type() == std::filesystem::file_type::none) {
      return base::fail(
          base::system_error(error.value(), fmt::format("cannot look at {}", directory)));
    }
    if (!std::filesystem::exists(status)) {
      continue;
    }
    if (std::string* path = path_of(plan, name)) {
      *path = directory;
    } else {
      plan.unused_channels.emplace_back(name);
    }
  }
  return {};
}

base::Result<void> plan_from_files(const JobOptions& options, Plan& plan) {
  const auto paths = config::TrainingPaths::below(options.base_dir);
  RM_ASSIGN(const config::TrainingInput input, config::read_training_input(paths));
  plan.inside_sagemaker = true;
  plan.hyperparameters = input.hyperparameters;
  plan.resources = input.resources;
  plan.model_path = paths.model;
  plan.metrics_path = paths.output_data + "/metrics.json";
  place_channels(input, paths, plan);
  if (plan.train_path.empty()) {
    RM_TRY(find_channels(paths, plan));
  }
  if (plan.train_path.empty()) {
    return base::fail(base::ErrorCode::kNotFound,
                      fmt::format("there is no train channel below {}; name one \"train\" or "
                                  "\"training\"",
                                  paths.data));
  }
  return {};
}

}  // namespace

base::Result<Plan> make_plan(const JobOptions& options) {
  Plan plan;
  if (options.data.empty()) {
    RM_TRY(plan_from_files(options, plan));
  } else {
    plan.train_path = options.data;
    plan.validation_path = options.validation;
  }
  const std::string directory = options.model_dir.empty() ? plan.model_path : options.model_dir;
  if (directory.empty()) {
    return base::fail(base::ErrorCode::kInvalidInput,
                      "say where the model goes, with --model-dir DIR");
  }
  plan.model_path = directory + "/" + std::string(model::kArtifactFileName);
  if (plan.metrics_path.empty()) {
    plan.metrics_path = directory + "/metrics.json";
  }
  RM_ASSIGN(plan.source_date, parse_source_date(options.source_date_epoch));
  for (const auto& [name, value] : options.hyperparameters) {
    const std::string* origin = config::find_text(options.hyperparameter_origins, name);
    plan.hyperparameters.set(name, value, origin == nullptr ? "" : *origin);
  }
  plan.label =
      options.label.empty() ? plan.hyperparameters.text("label").value_or("") : options.label;
  return plan;
}

base::Result<void> check_channels(const JobOptions& options) {
  if (!options.data.empty()) {
    return {};
  }
  const auto paths = config::TrainingPaths::below(options.base_dir);
  const auto input = config::read_training_input(paths);
  if (!input) {
    return {};
  }
  Plan places;
  const size_t hosts = input->resources.hosts.size();
  for (const auto& [name, channel] : input->channels) {
    std::string* const path = path_of(places, name);
    if (path == nullptr) {
      continue;
    }
    *path = name;  // beside "train", "training" is not used
    RM_TRY(check_channel(channel));
    if (channel.distribution == "ShardedByS3Key" && hosts > 1) {
      return base::fail(base::ErrorCode::kUnsupported,
                        fmt::format("the {} channel is sharded over {} hosts; training runs on "
                                    "one host, so use FullyReplicated data",
                                    channel.name, hosts));
    }
  }
  return {};
}

std::string absent_channel_text(const Plan& plan, std::string_view metric) {
  const size_t colon = metric.find(':');
  if (colon == std::string_view::npos) {
    return {};
  }
  const std::string_view channel = metric.substr(0, colon);
  if (channel == "train" || (channel == "validation" && !plan.validation_path.empty()) ||
      (channel == "test" && !plan.test_path.empty())) {
    return {};
  }
  const bool known = channel == "validation" || channel == "test";
  return fmt::format("the tuning job looks for \"{}\", and {}", metric,
                     known ? fmt::format("there is no {} channel", channel)
                           : "scores are told of train, validation and test alone");
}

std::string unused_text(const Plan& plan) {
  const auto& names = plan.unused_channels;
  if (names == std::vector<std::string>{"training"}) {
    return "the channel training is not used, because there is a channel train as well";
  }
  return names.empty()
             ? std::string()
             : fmt::format(
                   "the channel{} {} {} not used; train (or training), validation and test "
                   "are",
                   names.size() > 1 ? "s" : "", fmt::join(names, ", "),
                   names.size() > 1 ? "are" : "is");
}

}  // namespace ringmaker::train
