// LoadedModel: a model that can be invoked, and where it came from. One copy serves all shards.
#pragma once

#include "model/predictor.h"

#include <memory>
#include <string>

namespace ringmaker::serve {

/// Immutable once it has been shown to a shard.
struct LoadedModel {
  /// As the platform gave it: opaque bytes, never a path. Empty: the model behind /invocations.
  std::string name;
  std::string url;  // where its files were
  std::unique_ptr<const model::Predictor> predictor;
};

}  // namespace ringmaker::serve
