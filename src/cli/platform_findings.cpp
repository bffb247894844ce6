#include "cli/platform_findings.h"

#include "base/cpu.h"
#include "base/text.h"
#include "config/platform_variables.h"
#include "config/training_input.h"
#include "io/socket.h"
#include "model/artifact.h"
#include "serve/model_store.h"
#include "train/job/plan.h"
#include "train/job/request.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <utility>
#include <vector>

namespace ringmaker::cli {
namespace {

namespace fs = std::filesystem;
using State = Finding::State;

bool writable(const fs::path& path) { return ::access(path.c_str(), W_OK) == 0; }

/// Where it may not even be seen whether the path is there, that is a problem.
bool may_be_seen(const std::string& path, Findings& findings) {
  std::error_code error;
  if (fs::status(path, error).type() != fs::file_type::none) {
    return true;
  }
  findings.push_back(
      {"layout", path, "not readable", State::kProblem,
       fmt::format("cannot look at it: {}; run as a user who may", error.message())});
  return false;
}

/// What train writes to: it must be writable, or be creatable where it is missing.
void find_target(const std::string& path, bool needed, Findings& findings) {
  std::error_code none;
  if (fs::is_directory(path, none)) {
    const bool can = writable(path);
    Finding finding{"layout", path, can ? "writable" : "read-only"};
    if (!can && needed) {
      finding.state = State::kProblem;
      finding.advice = "train writes here; mount it writable, and run as a user who may";
    }
    findings.push_back(std::move(finding));
    return;
  }
  fs::path parent = fs::absolute(path, none).parent_path();
  while (!parent.empty() && !fs::exists(parent, none) && parent != parent.parent_path()) {
    parent = parent.parent_path();
  }
  Finding finding{"layout", path, "missing"};
  if (needed && !writable(parent)) {
    finding.state = State::kProblem;
    finding.advice = fmt::format("train would create it, but may not write to {}", parent.string());
  }
  findings.push_back(std::move(finding));
}

/// What the job is described by. Whether it can be read so is for those who check the job to say.
void find_input(const config::TrainingPaths& paths, Findings& findings) {
  const auto input = config::read_training_input(paths);
  findings.push_back(
      {"layout", paths.config,
       input ? fmt::format("{}, {} described, {}",
                           base::counted(input->hyperparameters.all().size(), "hyperparameter"),
                           base::counted(input->channels.size(), "channel"),
                           base::counted(input->resources.hosts.size(), "host"))
             : std::string("not usable")});
  std::vector<std::string> channels;
  std::error_code none;
  for (const auto& entry : fs::directory_iterator(paths.data, none)) {
    std::string name = entry.path().filename().string();
    // A file of that name is a channel too.
    const bool named = std::ranges::find(train::kChannelNames, name) != train::kChannelNames.end();
    if (entry.is_directory(none) || (named && entry.exists(none))) {
      channels.push_back(std::move(name));
    }
  }
  std::sort(channels.begin(), channels.end());
  findings.push_back(
      {"layout", paths.data,
       channels.empty() ? "no channel" : fmt::format("{}", fmt::join(channels, ", "))});
}

}  // namespace

bool find_layout(const std::string& base_dir, const std::string& model_dir, bool asked_for,
                 Findings& findings) {
  if (!may_be_seen(base_dir, findings)) {
    return false;
  }
  std::error_code none;
  if (!fs::is_directory(base_dir, none)) {
    findings.push_back({"layout", base_dir, "missing", asked_for ? State::kProblem : State::kNote,
                        asked_for
                            ? "--base-dir (SAGEMAKER_BASE_DIR) names a directory that is there"
                            : "this is not inside SageMaker; --data and --model-dir say where "
                              "things are"});
    return false;
  }
  const auto paths = config::TrainingPaths::below(base_dir);
  if (!may_be_seen(base_dir + "/input", findings)) {
    return false;
  }
  const bool trains = fs::is_directory(base_dir + "/input", none);
  if (trains) {
    find_input(paths, findings);
  } else {
    findings.push_back({"layout", base_dir + "/input", "missing: nothing to train on"});
  }
  find_target(model_dir.empty() ? paths.model : model_dir, trains, findings);
  find_target(paths.output_data, trains, findings);
  return trains;
}

void find_job(const base::Result<train::JobOptions>& job, Findings& findings) {
  const std::vector<base::Error> errors =
      job ? train::check_job(*job) : std::vector<base::Error>{job.error()};
  for (const base::Error& error : errors) {
    findings.push_back({"train", "job", "would fail", State::kProblem, error.message()});
  }
  if (errors.empty()) {
    findings.push_back({"train", "job", "can read its data"});
  }
}

void find_model(const std::string& model_dir, bool asked_for, Findings& findings) {
  const auto files = serve::model_files(model_dir);
  const bool there = files || files.error().code() != base::ErrorCode::kNotFound;
  if (!there && !asked_for) {
    findings.push_back({"model", model_dir, "none", State::kNote,
                        "serve needs one; train makes one, --model-dir says where it is"});
    return;
  }
  const auto model = serve::read_model(model_dir);
  if (!model) {
    findings.push_back(
        {"model", model_dir, "not loaded", State::kProblem, model.error().message()});
    return;
  }
  const auto predictor = serve::prepare_predictor(*model, base::detect_instruction_set());
  if (!predictor) {
    findings.push_back(
        {"model", model_dir, "not usable", State::kProblem, predictor.error().message()});
    return;
  }
  findings.push_back({"model", model_dir,
                      fmt::format("{}, {}, {} inputs; loads and scores", model::kind(*model),
                                  data::name(model->output.task), model->schema.feature_count())});
}

void find_port(uint16_t port, Findings& findings) {
  const auto free = io::check_port_is_free({.port = port}, std::chrono::milliseconds(0));
  Finding finding{"serve", "port", fmt::format("{} is free", port)};
  if (!free) {
    finding.value = fmt::format("{}", port);
    finding.state = State::kProblem;
    finding.advice = fmt::format("{} (--port, SAGEMAKER_BIND_TO_PORT)", free.error().message());
  }
  findings.push_back(std::move(finding));
}

void find_variables(const Call& call, Findings& findings) {
  for (const auto& [name, value] : call.environment) {
    if (name.starts_with("RINGMAKER_")) {
      Call alone;
      alone.environment.emplace(name, value);
      const auto known = resolve({}, alone);
      findings.push_back({"variables", name, config::quote(value),
                          known ? State::kFine : State::kProblem,
                          known ? "" : known.error().message()});
    } else if (name.starts_with("SAGEMAKER_")) {
      findings.push_back({"variables", name, config::quote(value)});
    }
  }
  for (const std::string& name :
       config::unknown_platform_variables(config::serve_option_table(), call.environment)) {
    for (Finding& finding : findings) {
      if (finding.topic == "variables" && finding.name == name) {
        finding.state = State::kNote;
        finding.advice = "it means nothing here";
      }
    }
  }
}

}  // namespace ringmaker::cli
