// Compiled for AVX-512 on x86: Eigen knows its instruction set when it is compiled, and only then.
#include "bench/model/eigen_network.h"

#include <Eigen/Core>
#include <algorithm>
#include <vector>

namespace ringmaker::bench {
namespace {

using Matrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

Eigen::Index index(size_t value) { return static_cast<Eigen::Index>(value); }

}  // namespace

struct EigenNetwork::Layers {
  struct Layer {
    Matrix weights;
    Eigen::RowVectorXf bias;
    model::Activation activation = model::Activation::kNone;
    Matrix values;  // of the rows of a call
  };
  std::vector<Layer> all = {};
  size_t rows = 0;
};

EigenNetwork::EigenNetwork(const model::MlpParameters& network, size_t rows)
    : layers_(std::make_unique<Layers>()) {
  layers_->rows = rows;
  for (const model::MlpLayer& layer : network.layers) {
    const Eigen::Index outputs = index(layer.outputs);
    const Eigen::Index inputs = index(layer.weights.size()) / outputs;
    layers_->all.push_back(
        {.weights = Eigen::Map<const Matrix>(layer.weights.data(), inputs, outputs),
         .bias = Eigen::Map<const Eigen::RowVectorXf>(layer.bias.data(), outputs),
         .activation = layer.activation,
         .values = Matrix(index(rows), outputs)});
  }
}

EigenNetwork::~EigenNetwork() = default;

void EigenNetwork::predict(const float* rows, float* scores) {
  const float* in = rows;
  for (Layers::Layer& layer : layers_->all) {
    const Eigen::Map<const Matrix> values(in, index(layers_->rows), layer.weights.rows());
    layer.values.noalias() = values * layer.weights;
    layer.values.rowwise() += layer.bias;
    if (layer.activation == model::Activation::kRelu) {
      layer.values = layer.values.cwiseMax(0.0F);
    } else if (layer.activation == model::Activation::kTanh) {
      layer.values = layer.values.array().tanh();
    } else if (layer.activation == model::Activation::kLogistic) {
      layer.values = layer.values.array().logistic();
    }
    in = layer.values.data();
  }
  std::copy_n(in, layers_->all.back().values.size(), scores);
}

}  // namespace ringmaker::bench
