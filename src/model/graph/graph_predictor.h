// GraphPredictor: a graph of operators compiled for inference.
#pragma once

#include "model/graph/prepared_graph.h"
#include "model/model.h"
#include "model/predictor.h"

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace ringmaker::model {

class GraphPredictor final : public Predictor {
 public:
  /// The graph of `model`, whose schemas it takes.
  GraphPredictor(const Model& model, std::shared_ptr<const PreparedGraph> prepared);

  [[nodiscard]] const data::Schema& schema() const noexcept override { return schema_; }
  [[nodiscard]] const data::OutputSchema& output() const noexcept override {
    return prepared_->answer.schema();
  }
  [[nodiscard]] std::string_view kind() const noexcept override { return "graph"; }
  [[nodiscard]] std::string_view instruction_set() const noexcept override {
    return base::name(prepared_->set);
  }
  [[nodiscard]] std::string plan() const override;
  /// Already the scores: what lies before them is the graph's own business.
  void predict_raw(data::DenseView rows, data::DenseSpan raw) const noexcept override;
  void link(data::DenseSpan /*values*/) const noexcept override {}

  /// Every output of the graph, in its order.
  [[nodiscard]] const std::vector<GraphOutput>& outputs() const noexcept {
    return prepared_->outputs;
  }
  /// Its ensembles of trees.
  [[nodiscard]] const std::vector<GraphTrees>& trees() const noexcept {
    return prepared_->built.trees;
  }
  /// Runs the whole graph; `each(frame)` for every slice of the rows that was run.
  void run(data::DenseView rows, const std::function<void(const Frame&)>& each) const;
  /// A text of an output.
  [[nodiscard]] const std::string& text(int64_t number) const noexcept {
    return prepared_->built.program.text(number);
  }

 private:
  /// At most rows_max rows.
  template <class Each>
  void run_slice(data::DenseView rows, const std::vector<bool>& steps, Each&& each) const;

  data::Schema schema_;
  std::shared_ptr<const PreparedGraph> prepared_;
  std::vector<bool> for_scores_;
  std::vector<bool> for_outputs_;
};

}  // namespace ringmaker::model
