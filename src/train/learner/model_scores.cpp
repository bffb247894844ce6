#include "train/learner/model_scores.h"

#include "base/cpu.h"
#include "train/evaluation/score_table.h"

#include <algorithm>
#include <string>

namespace ringmaker::train {
namespace {

/// The usual ones, and the one asked for where there is such a one.
std::vector<Score> wanted_scores(const model::Model& model, const LinearOptions& options) {
  const data::Task task = model.output.task;
  std::vector<Score> scores = usual_scores(task, model.output.margin);
  const std::string name = options.tuning_metric.substr(options.tuning_metric.find(':') + 1);
  const auto asked = find_score(name, task, model.output.margin);
  const auto is_asked = [&](const Score& score) { return score.name == name; };
  if (asked && std::none_of(scores.begin(), scores.end(), is_asked)) {
    scores.push_back(*asked);
  }
  std::erase_if(scores, [](const Score& score) { return score.name == "objective_loss"; });
  return scores;
}

/// In blocks: rows times classes may be more than the data itself.
base::Result<Answers> answers_of(const model::Model& model, const Dataset& dataset) {
  constexpr size_t kBlockRows = 1024;
  RM_ASSIGN(const auto predictor, model::compile(model, base::detect_instruction_set()));
  const size_t columns = model.output.score_columns();
  const data::DenseView features = dataset.features.view();
  std::vector<float> served(kBlockRows * columns);
  std::vector<double> scores(columns);
  Answers answers;
  for (size_t first = 0; first < dataset.rows(); first += kBlockRows) {
    const size_t rows = std::min(kBlockRows, dataset.rows() - first);
    predictor->predict(features.slice(first, rows), {served.data(), rows, columns});
    for (size_t i = 0; i < rows; ++i) {
      std::copy_n(served.begin() + static_cast<ptrdiff_t>(i * columns), columns, scores.begin());
      if (model.output.task == data::Task::kMulticlass) {
        answers.standings.push_back(
            standing_of(scores, static_cast<size_t>(dataset.labels[first + i])));
      } else {
        answers.values.push_back(scores.front());
      }
    }
  }
  return answers;
}

}  // namespace

base::Result<std::vector<ModelScore>> score_model(const model::Model& model, const Dataset& dataset,
                                                  const LinearOptions& options) {
  RM_ASSIGN(const Answers answers, answers_of(model, dataset));
  const Scored scored{.predicted = answers.values,
                      .labels = dataset.labels,
                      .standings = answers.standings,
                      .classes = model.output.score_columns(),
                      .threshold = model.output.margin ? 0 : 0.5,
                      .chosen_threshold = static_cast<double>(model.output.threshold),
                      .beta = options.threshold.beta,
                      .top_k = options.accuracy_top_k};
  std::vector<ModelScore> scores;
  for (const Score& score : wanted_scores(model, options)) {
    scores.push_back({score.name, score.of(scored)});
  }
  return scores;
}

}  // namespace ringmaker::train
