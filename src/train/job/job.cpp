#include "train/job/job.h"

#include "base/atomic_file.h"
#include "base/version.h"
#include "io/signals.h"
#include "model/artifact.h"
#include "train/dataset/build_dataset.h"
#include "train/dataset/column_review.h"
#include "train/dataset/fingerprint.h"
#include "train/dataset/inferred_task.h"
#include "train/distributed/rendezvous.h"
#include "train/job/job_data.h"
#include "train/job/plan.h"
#include "train/job/request.h"
#include "train/learner/linear_learner.h"
#include "train/learner/model_scores.h"
#include "train/reader/printable.h"
#include "train/report/failure_file.h"
#include "train/report/metric_lines.h"
#include "train/report/training_time.h"

#include <fmt/format.h>

#include <ctime>
#include <exception>
#include <filesystem>
#include <new>
#include <system_error>

namespace ringmaker::train {
namespace {

/// A task that was not asked for is read off the labels, and told.
data::Task settle_task(std::optional<data::Task> asked, const CsvTable& table,
                       telemetry::Log& log) {
  if (asked) {
    return *asked;
  }
  const InferredTask inferred = infer_task(table);
  log.write(inferred.doubtful ? telemetry::Level::kWarn : telemetry::Level::kInfo, "task_inferred",
            {{"detail", inferred.reason}});
  return inferred.task;
}

void tell_origin(const Plan& plan, const Dataset& train, model::Provenance& provenance) {
  provenance.trained_by = fmt::format("ringmaker {}", base::kVersion);
  provenance.trained_at = training_time(
      plan.source_date, plan.hyperparameters.text("seed").has_value(), std::time(nullptr));
  provenance.data_fingerprint = fingerprint(train);
  for (const auto& [name, value] : plan.hyperparameters.all()) {
    provenance.hyperparameters.emplace_back(name, value);
  }
}

/// The model first: it is what the job is for, and its numbers stand in it and in the log as well.
base::Result<void> write_results(const Plan& plan, const model::Model& model, MetricLines& lines) {
  RM_TRY(base::write_file_atomically(plan.model_path, model::encode_artifact(model)));
  if (const auto written = base::write_file_atomically(plan.metrics_path, metrics_json(model));
      !written) {
    lines.on_note(fmt::format("the model is written, but {}", written.error().message()));
  }
  return {};
}

base::Result<void> train_and_write(const Plan& plan, MetricLines& lines, telemetry::Log& log) {
  base::remove_stale_temporary(plan.model_path);
  base::remove_stale_temporary(plan.metrics_path);
  if (const std::string note = unused_text(plan); !note.empty()) {
    lines.on_note(note);
  }
  for (const std::string& name : plan.hyperparameters.empty_names()) {
    lines.on_note(fmt::format("hyperparameter \"{}\" is empty and counts as not given", name));
  }
  RM_ASSIGN(const Request request, make_request(plan));
  RM_TRY(base::check_writable(plan.model_path));
  if (const std::string note = absent_channel_text(plan, request.linear.tuning_metric);
      !note.empty()) {
    lines.on_note(note);
  }
  RM_TRY(check_files(plan));
  RM_ASSIGN(CsvTable table, read_channel(plan, plan.train_path, "train", lines, log, nullptr));
  const CsvLayout layout = table.layout;
  const std::string zero_label = table.first_zero_label;
  const data::Task settled = settle_task(request.task, table, log);
  RM_ASSIGN(Dataset train, build_training_set(std::move(table), settled));
  train.schema.missing_markers = plan.hyperparameters.list("na_values");
  RM_TRY(check_declared(plan, train, lines));
  if (!zero_label.empty() && train.output.task != data::Task::kRegression) {
    lines.on_note(
        fmt::format("{} is read as a number, and the class is called so without the "
                    "zeros in front; labels such as \"id 007\" are texts and stay as "
                    "they are",
                    zero_label));
  }
  for (const std::string& sentence : review_columns(train)) {
    lines.on_note(sentence);
  }
  RM_ASSIGN(const auto validation,
            read_further(plan, plan.validation_path, "validation", train, layout, lines, log));
  RM_ASSIGN(const auto test, read_further(plan, plan.test_path, "test", train, layout, lines, log));

  const LinearLearner learner(request.linear);
  RM_ASSIGN(model::Model model, learner.fit(train, validation ? &*validation : nullptr, lines));
  if (lines.stopped()) {
    lines.on_note(
        fmt::format("asked to stop: training was cut short after round {}, and the best "
                    "model so far is written",
                    lines.last_round()));
  }
  if (test) {
    RM_ASSIGN(const auto scores, score_model(model, *test, request.linear));
    lines.on_test(scores);
  }
  tell_origin(plan, train, model.provenance);
  model.provenance.metrics = lines.kept();
  return write_results(plan, model, lines);
}

/// The data is replicated: the leader trains on all of it, the others wait for it.
base::Result<void> train_or_wait(const Plan& plan, const RendezvousOptions& rendezvous,
                                 const io::Signals& signals, telemetry::Log& log) {
  MetricLines lines(signals, log);
  const StopRequested stop_requested = [&lines] { return lines.stop_requested(); };
  const config::Resources& resources = plan.resources;
  if (resources.hosts.size() == 1) {
    return train_and_write(plan, lines, log);
  }
  if (!resources.leader()) {
    log.write(telemetry::Level::kInfo, "waiting",
              {{"detail", fmt::format("{} waits for {}, which trains", resources.current_host,
                                      resources.hosts.front())}});
    RM_TRY(follow(resources, rendezvous, stop_requested));
    if (lines.stopped()) {
      lines.on_note(fmt::format("asked to stop while waiting for {}", resources.hosts.front()));
    }
    return {};
  }
  RM_ASSIGN(Leader leader, Leader::listen(resources, rendezvous));
  auto trained = train_and_write(plan, lines, log);
  // A job that was stopped has not failed, on no host.
  const bool failed = !trained && trained.error().code() != base::ErrorCode::kCancelled;
  const std::vector<std::string> lost = failed
                                            ? leader.dismiss_failed(trained.error(), stop_requested)
                                            : leader.dismiss(stop_requested);
  if (!lost.empty()) {
    log.write(telemetry::Level::kWarn, "followers_lost",
              {{"detail", fmt::format("{} did not come to hear how the training ended",
                                      fmt::join(lost, ", "))}});
  }
  return trained;
}

base::Result<void> run_planned(const JobOptions& options, const io::Signals& signals,
                               telemetry::Log& log) {
  RM_TRY(check_channels(options));
  RM_ASSIGN(const Plan plan, make_plan(options));
  return train_or_wait(plan, {.port = options.rendezvous_port}, signals, log);
}

/// Learning takes what it needs as it goes, memory and threads: a failure file must tell if there
/// is no more.
base::Result<void> run_within_memory(const JobOptions& options, const io::Signals& signals,
                                     telemetry::Log& log) {
  try {
    auto done = run_planned(options, signals, log);
    // Names of files, columns and classes stand in it as people wrote them.
    return done ? done : base::fail(done.error().code(), printable(done.error().message()));
  } catch (const std::bad_alloc&) {
    return base::fail(base::ErrorCode::kExhausted,
                      "training needs more memory than there is; use a machine with more, or fewer "
                      "rows, columns or classes");
  } catch (const std::system_error& error) {
    return base::fail(base::ErrorCode::kPlatform,
                      fmt::format("the system refused something: {}", error.what()));
  } catch (const std::exception& error) {
    return base::fail(base::ErrorCode::kInternal, fmt::format("internal error: {}", error.what()));
  }
}

}  // namespace

base::Result<void> write_failure(const std::string& base_dir, const base::Error& error) {
  return write_failure_file(config::TrainingPaths::below(base_dir).failure, error);
}

base::Result<void> run_job(const JobOptions& options, telemetry::Log& log) {
  const io::Signals signals;
  if (options.data.empty()) {
    remove_failure_file(config::TrainingPaths::below(options.base_dir).failure);
  }
  auto done = run_within_memory(options, signals, log);
  if (done) {
    return done;
  }
  if (done.error().code() == base::ErrorCode::kCancelled) {
    // The platform reads a failure file of failed jobs only, and this one was stopped.
    log.write(telemetry::Level::kWarn, "stopped",
              {{"detail", fmt::format("{} before there was a model; nothing was written",
                                      done.error().message())}});
  } else if (options.data.empty()) {
    if (const auto written = write_failure(options.base_dir, done.error()); !written) {
      log.write(telemetry::Level::kWarn, "note", {{"detail", written.error().message()}});
    }
  }
  return done;
}

}  // namespace ringmaker::train
