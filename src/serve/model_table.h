// ModelTable: the models as one shard knows them.
//
// Looking one up takes no lock, because the table is the shard's own: changes come by mailbox
// (ModelChange). A model that leaves is not found from then on; when the last invocation that holds
// it is over, the shard lets go of it. A lane is built when a model is first used here; of those
// that nobody uses the most recent few are kept, so that memory follows use, not the number of
// models, nor how wide their rows are.
#pragma once

#include "serve/loaded_model.h"
#include "serve/model_change.h"
#include "serve/model_lane.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace ringmaker::serve {

/// One model in the hands of one shard.
class ShardModel {
 public:
  /// Only between ModelTable::enter() and leave().
  [[nodiscard]] ModelLane& lane() noexcept { return *lane_; }
  [[nodiscard]] const model::Predictor& predictor() const noexcept { return predictor_; }

 private:
  friend class ModelTable;
  explicit ShardModel(const model::Predictor& predictor) noexcept : predictor_(predictor) {}

  const model::Predictor& predictor_;
  std::unique_ptr<ModelLane> lane_;
  size_t invocations_ = 0;          // in hand
  ModelChange* leaving_ = nullptr;  // to be told once they are over
  size_t bytes_resting_ = 0;        // of its lane, while it is in resting_
  bool listed_ = false;             // in resting_
};

/// Not thread-safe: one a shard.
class ModelTable {
 public:
  /// Lanes that nobody uses, and what they hold together. The one used last is kept however large
  /// it is.
  static constexpr size_t kLanesKeptMax = 256;
  static constexpr size_t kLaneBytesKeptMax = size_t{32} << 20;

  /// `own`: the model behind /invocations; null where there is none, or where it comes later, by
  /// apply(), under no name.
  ModelTable(const model::Predictor* own, const batch::BatchPolicy& policy);

  [[nodiscard]] ShardModel* own() noexcept { return own_.get(); }
  /// Null when no model of that name is loaded.
  [[nodiscard]] ShardModel* find(std::string_view name) noexcept;
  /// A model comes or goes. Says done(): at once when it comes, by tidy() when it goes.
  void apply(ModelChange& change);

  /// An invocation takes it in hand.
  void enter(ShardModel& model);
  /// The invocation is over. The lane stays until tidy().
  void leave(ShardModel& model) noexcept;
  /// At the end of a turn: lets go of what has left, and of lanes that rest.
  void tidy() {
    if (!resting_.empty() || !leaving_.empty()) {
      tidy_now();
    }
  }

  [[nodiscard]] uint64_t bytes_lent() const noexcept { return lent_.value; }
  [[nodiscard]] size_t size() const noexcept { return models_.size(); }
  /// In order; the views live as long as the models are loaded.
  [[nodiscard]] std::vector<std::string_view> names() const;
  [[nodiscard]] size_t lanes_resting() const noexcept { return resting_.size(); }

 private:
  void take_own(const model::Predictor& own);
  void rest(ShardModel& model);
  void rouse(ShardModel& model) noexcept;
  void tidy_now();

  batch::BatchPolicy policy_;
  batch::LentBytes lent_;
  std::unique_ptr<ShardModel> own_;
  // Names are views of the models' own.
  std::unordered_map<std::string_view, std::unique_ptr<ShardModel>> models_;
  std::vector<ShardModel*> resting_;                  // have a lane that nobody uses, oldest first
  size_t bytes_resting_ = 0;                          // of these lanes
  std::vector<std::unique_ptr<ShardModel>> leaving_;  // no longer found
};

}  // namespace ringmaker::serve
