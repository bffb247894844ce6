// EigenNetwork: the layers of a network as products of Eigen, the peer of our own.
#pragma once

#include "model/model.h"

#include <cstddef>
#include <memory>

namespace ringmaker::bench {

/// Of a network that takes rows as they are, for calls of as many rows as told.
class EigenNetwork {
 public:
  EigenNetwork(const model::MlpParameters& network, size_t rows);
  ~EigenNetwork();
  EigenNetwork(const EigenNetwork&) = delete;
  EigenNetwork& operator=(const EigenNetwork&) = delete;

  void predict(const float* rows, float* scores);

 private:
  struct Layers;
  std::unique_ptr<Layers> layers_;
};

}  // namespace ringmaker::bench
