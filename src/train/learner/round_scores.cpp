#include "train/learner/round_scores.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <optional>

namespace ringmaker::train {

RoundScores::RoundScores(const LinearOptions& options, LinearProblem& problem, const Dataset& train,
                         const Dataset* validation)
    : options_(options),
      problem_(problem),
      train_(train),
      validation_(validation),
      scores_(usual_scores(train.output.task, problem.margin())) {
  if (!options.tuning_metric.empty()) {
    add_asked();
  }
  if (train.output.task == data::Task::kBinary) {
    explain_undefined(train, "train");
    if (validation != nullptr) {
      explain_undefined(*validation, "validation");
    }
  }
  for (const Score& score : scores_) {
    thresholded_ = thresholded_ || score.thresholded;
    needs_loss_ = needs_loss_ || score.name == "objective_loss";
  }
}

void RoundScores::add_asked() {
  const std::string& asked = options_.tuning_metric;
  const std::string name = asked.substr(asked.find(':') + 1);  // all of it without a colon
  const auto score = find_score(name, train_.output.task, problem_.margin());
  const bool usual = std::any_of(scores_.begin(), scores_.end(),
                                 [&](const Score& known) { return known.name == name; });
  if (!score) {
    notes_.push_back(
        fmt::format("no score of a {} model is called \"{}\", which the tuning job looks for; "
                    "the lines are as always",
                    data::name(train_.output.task), name));
  }
  if (score && !usual) {
    scores_.push_back(*score);
  }
}

void RoundScores::explain_undefined(const Dataset& dataset, std::string_view channel) {
  const std::vector<double>& labels = dataset.labels;
  if (labels.empty() ||
      std::adjacent_find(labels.begin(), labels.end(), std::not_equal_to<>()) != labels.end()) {
    return;
  }
  std::vector<std::string> undefined;
  for (const Score& score : scores_) {
    if (score.needs_both_classes) {
      undefined.push_back(fmt::format("{}-{}", channel, score.name));
    }
  }
  if (!undefined.empty()) {
    notes_.push_back(fmt::format(
        "all {} labels of the {} data are \"{}\", so {} is nan: it compares two classes",
        labels.size(), channel, dataset.output.class_names[static_cast<size_t>(labels.front())],
        fmt::join(undefined, ", ")));
  }
}

double RoundScores::threshold_for(std::span<const double> answers, const Dataset& dataset) const {
  ThresholdOptions options = options_.threshold;
  options.criterion = options_.criterion.value_or(Criterion::kAccuracy);
  options.neutral = problem_.margin() ? 0.0F : 0.5F;
  std::vector<float> served(answers.size());
  std::transform(answers.begin(), answers.end(), served.begin(),
                 [](double answer) { return static_cast<float>(answer); });
  return static_cast<double>(choose_threshold(served, dataset.labels, options));
}

Answers RoundScores::answers_of(const LinearObjective& objective, const Dataset& dataset) const {
  if (dataset.output.task == data::Task::kMulticlass) {
    return {.values = {}, .standings = problem_.standings(objective, dataset)};
  }
  return {.values = problem_.answers(objective), .standings = {}};
}

Scored RoundScores::scored_of(const LinearObjective& objective, const Dataset& dataset,
                              const Answers& answers) const {
  return {.predicted = answers.values,
          .labels = dataset.labels,
          .standings = answers.standings,
          .classes = dataset.output.score_columns(),
          .threshold = problem_.margin() ? 0 : 0.5,
          .beta = options_.threshold.beta,
          .top_k = options_.accuracy_top_k,
          .objective_loss = needs_loss_ ? objective.exact_loss() : 0};
}

double RoundScores::report(uint32_t round, std::span<const double> x, bool evaluated,
                           TrainingObserver& observer) {
  std::vector<double> unused(x.size());
  double loss = evaluated ? 0 : problem_.objective().evaluate(x, unused);
  const Answers answers = answers_of(problem_.objective(), train_);
  Scored on_train = scored_of(problem_.objective(), train_, answers);
  Answers further_answers;
  std::optional<Scored> on_validation;
  if (validation_ != nullptr) {
    loss = problem_.validation()->evaluate(x, unused);
    further_answers = answers_of(*problem_.validation(), *validation_);
    on_validation = scored_of(*problem_.validation(), *validation_, further_answers);
  }
  if (thresholded_) {
    const double threshold = on_validation ? threshold_for(further_answers.values, *validation_)
                                           : threshold_for(answers.values, train_);
    on_train.chosen_threshold = threshold;
    if (on_validation) {
      on_validation->chosen_threshold = threshold;
    }
  }
  std::vector<RoundScore> line;
  for (const Score& score : scores_) {
    RoundScore& entry = line.emplace_back();
    entry.name = score.name;
    entry.train = score.of(on_train);
    if (on_validation) {
      entry.validation = score.of(*on_validation);
    }
  }
  observer.on_round(round, line);
  return loss;
}

}  // namespace ringmaker::train
