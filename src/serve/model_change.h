// ModelChange: a model that comes or goes, on its way through all shards.
//
//   keeper ──mailbox──▶ every shard: takes the model in, or lets go of it once nothing of it is in
//                       hand ──done()──▶ the last one says so to the keeper
//
// This count is the only thing that shards share about a model's life; none of them waits.
#pragma once

#include "serve/loaded_model.h"

#include <atomic>
#include <cstddef>
#include <functional>

namespace ringmaker::serve {

/// Lives until `finished` was called.
class ModelChange {
 public:
  using Finished = std::function<void()>;

  /// `finished` is called once, by the thread of the last of so many shards, and may delete this.
  ModelChange(const LoadedModel& model, bool leaves, size_t shards, Finished finished)
      : model_(model), leaves_(leaves), shards_left_(shards), finished_(std::move(finished)) {}

  [[nodiscard]] const LoadedModel& model() const noexcept { return model_; }
  [[nodiscard]] bool leaves() const noexcept { return leaves_; }
  /// Called once by each shard, which touches the change no more, nor the model if that leaves.
  void done() {
    if (shards_left_.fetch_sub(1, std::memory_order_acq_rel) == 1) {
      const Finished finished = std::move(finished_);
      finished();
    }
  }

 private:
  const LoadedModel& model_;
  bool leaves_;
  std::atomic<size_t> shards_left_;
  Finished finished_;
};

}  // namespace ringmaker::serve
