// OwnModel: the model behind /invocations, loaded by a thread of its own while the shards already
// answer: a caller who comes early hears 503, not a refused connection, and a signal need not wait.
#pragma once

#include "base/result.h"
#include "config/serve_options.h"
#include "io/signals.h"
#include "model/predictor.h"

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace ringmaker::serve {

struct OwnModel {
  std::unique_ptr<model::Predictor> predictor;
  std::string trained_by;
  std::vector<float> example_row;  // of its training data, or empty
};

/// Whether there is a model to load. The platform gives no directory to an endpoint of many models,
/// nor to one without model data; who names a directory means it. One that may not be looked into
/// is a model that cannot be loaded.
[[nodiscard]] bool has_own_model(const config::ServeOptions& options);

/// Reads the model, compiles it and scores one row, so that what cannot work fails here. kCancelled
/// once `cancelled` is true, while it reads.
[[nodiscard]] base::Result<OwnModel> load_own_model(const config::ServeOptions& options,
                                                    const std::atomic<bool>& cancelled);

/// Used by the thread that waits for `signals`, which it wakes when the outcome is there.
class OwnModelLoading {
 public:
  /// `options` and `signals` outlive it.
  OwnModelLoading(const config::ServeOptions& options, const io::Signals& signals);
  /// Cancels what is still under way and waits for its end.
  ~OwnModelLoading();
  OwnModelLoading(const OwnModelLoading&) = delete;
  OwnModelLoading& operator=(const OwnModelLoading&) = delete;

  /// The outcome, once; nothing while it is under way.
  [[nodiscard]] std::optional<base::Result<OwnModel>> take();

 private:
  std::atomic<bool> cancelled_{false};
  std::atomic<bool> over_{false};
  std::optional<base::Result<OwnModel>> outcome_;  // written before over_
  std::thread thread_;
};

}  // namespace ringmaker::serve
