// Learner: a data set becomes a model.
#pragma once

#include "base/result.h"
#include "model/model.h"
#include "train/dataset/dataset.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace ringmaker::train {

/// One score of one round, for the metric line "[round]\ttrain-NAME:..\tvalidation-NAME:..".
struct RoundScore {
  std::string_view name;  // "rmse", "logloss", ...
  double train = 0;
  std::optional<double> validation;
};

/// What a learner tells while it works, and asks. Called from the thread that called fit().
class TrainingObserver {
 public:
  virtual ~TrainingObserver() = default;
  virtual void on_round(uint32_t round, std::span<const RoundScore> scores) = 0;
  /// The round just told is the best so far. The model is that of the last one so called.
  virtual void on_best(uint32_t round) = 0;
  /// A sentence that who started the job should read, without a line's end.
  virtual void on_note(std::string_view sentence) = 0;
  /// True once the job should end: the learner then returns the best model it has so far.
  [[nodiscard]] virtual bool stop_requested() const noexcept = 0;
};

class Learner {
 public:
  virtual ~Learner() = default;
  /// `validation` may be null. The result does not depend on the number of threads.
  [[nodiscard]] virtual base::Result<model::Model> fit(const Dataset& train,
                                                       const Dataset* validation,
                                                       TrainingObserver& observer) const = 0;
};

}  // namespace ringmaker::train
