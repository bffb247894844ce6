// AveragePredictor: several predictors that answer as one.
//
// What SageMaker's XGBoost container does with several models in one directory: it averages their
// predictions, and lets them vote where a prediction is a class.
#pragma once

#include "model/predictor.h"

#include <memory>
#include <vector>

namespace ringmaker::model {

class AveragePredictor final : public Predictor {
 public:
  static constexpr size_t kMembersMax = 256;

  /// 1 to kMembersMax members with the same schema and output, which has at most
  /// kTreeOutputsMax columns; one where they vote.
  AveragePredictor(std::vector<std::unique_ptr<Predictor>> members, bool vote);

  [[nodiscard]] const std::vector<std::unique_ptr<Predictor>>& members() const noexcept {
    return members_;
  }

  [[nodiscard]] const data::Schema& schema() const noexcept override;
  [[nodiscard]] const data::OutputSchema& output() const noexcept override { return output_; }
  [[nodiscard]] std::string_view kind() const noexcept override { return "average"; }
  [[nodiscard]] std::string_view instruction_set() const noexcept override;
  [[nodiscard]] size_t rows_at_once() const noexcept override;
  /// Already the scores: scores are averaged, not what lies before the members' links.
  void predict_raw(data::DenseView rows, data::DenseSpan raw) const noexcept override;
  void link(data::DenseSpan /*values*/) const noexcept override {}
  /// The means of the members' margins, summed in double.
  void margins(data::DenseView rows, data::DenseSpan margins) const noexcept override;
  /// The means of the members' contributions, which add up to the mean of their margins.
  void contributions(data::DenseView rows, double* values) const noexcept override;
  /// Those of all members, in their order.
  void leaves(data::DenseView rows, uint32_t* names) const noexcept override;

 private:
  void average(data::DenseView rows, data::DenseSpan scores) const noexcept;
  void vote(data::DenseView rows, data::DenseSpan scores) const noexcept;

  std::vector<std::unique_ptr<Predictor>> members_;
  data::OutputSchema output_;
  bool vote_;
};

}  // namespace ringmaker::model
