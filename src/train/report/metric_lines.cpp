#include "train/report/metric_lines.h"

#include "base/error.h"
#include "wire/json_writer.h"

#include <fmt/core.h>

#include <cerrno>
#include <cstdio>
#include <utility>

namespace ringmaker::train {

void MetricLines::on_round(uint32_t round, std::span<const RoundScore> scores) {
  last_.clear();
  last_round_ = round;
  std::string line = fmt::format("[{}]", round);
  for (const RoundScore& score : scores) {
    line += fmt::format("\ttrain-{}:{:.6g}", score.name, score.train);
    last_.emplace_back(fmt::format("train:{}", score.name), score.train);
  }
  for (const RoundScore& score : scores) {
    if (score.validation) {
      line += fmt::format("\tvalidation-{}:{:.6g}", score.name, *score.validation);
      last_.emplace_back(fmt::format("validation:{}", score.name), *score.validation);
    }
  }
  line += '\n';
  print(line);
}

void MetricLines::on_best(uint32_t round) {
  kept_round_ = round;
  kept_ = last_;
}

void MetricLines::on_test(std::span<const ModelScore> scores) {
  std::string line = fmt::format("[{}]", kept_round_);
  for (const ModelScore& score : scores) {
    line += fmt::format("\ttest-{}:{:.6g}", score.name, score.value);
    kept_.emplace_back(fmt::format("test:{}", score.name), score.value);
  }
  line += '\n';
  print(line);
}

void MetricLines::print(std::string_view line) {
  if (unwritable_) {
    return;
  }
  if (std::exchange(first_, false)) {
    log_.flush();  // what led up to the first line stands before it where both streams are one
  }
  // Flushed, because a pipe's buffer would hold lines back from those who watch.
  std::fwrite(line.data(), 1, line.size(), stdout);
  if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) {
    return;
  }
  unwritable_ = true;
  const base::Error reason = base::system_error(errno, "no metric lines on standard output");
  on_note(fmt::format("{}; training goes on without them, and metrics.json will have the model's",
                      reason.message()));
}

void MetricLines::on_note(std::string_view sentence) {
  log_.write(telemetry::Level::kWarn, "note", {{"detail", sentence}});
}

bool MetricLines::stop_requested() const noexcept {
  stopping_ = stopping_ || signals_.wait(0).has_value();
  return stopping_;
}

std::string metrics_json(const model::Model& model) {
  std::string text;
  wire::JsonWriter json(text, wire::JsonWriter::Layout::kPretty);
  json.begin_object();
  json.member("task", data::name(model.output.task));
  json.member("rows", model.provenance.rows_trained);
  json.member("features", model.schema.feature_count());
  json.key("metrics").begin_object();
  for (const auto& [name, value] : model.provenance.metrics) {
    json.member(name, value);
  }
  json.end_object();
  json.end_object();
  text += '\n';
  return text;
}

}  // namespace ringmaker::train
