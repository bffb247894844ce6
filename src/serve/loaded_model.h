// LoadedModel: a model that can be invoked, and where it came from. One copy serves all shards.
#pragma once

#include "model/predictor.h"

#include <memory>
#include <string>

namespace ringmaker::serve {

/// Immutable once it has been shown to a shard.
struct LoadedModel {
  std::string name;  // as the platform gave it: opaque bytes, never a path
  std::string url;   // where its files were
  std::unique_ptr<const model::Predictor> predictor;
};

}  // namespace ringmaker::serve
