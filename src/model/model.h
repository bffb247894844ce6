// Model: parameters in plain form, the same for a trained, a loaded and an imported model.
//
// A model is only translated and stored; compile() makes the Predictor that scores rows.
#pragma once

#include "base/cpu.h"
#include "base/result.h"
#include "data/schema.h"
#include "model/dense/activation.h"
#include "model/predictor.h"
#include "model/support_vectors/kernel_function.h"
#include "model/tree/tree_ensemble.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace ringmaker::model {

/// What the raw value of a linear or additive model means.
enum class Link : uint8_t {
  kIdentity,
  kLogistic,      // 1 / (1 + exp(-m)), of each output
  kSoftmax,       // over the outputs
  kExponential,   // exp(m)
  kStep,          // m > 0 ? 1 : 0
  kClassIndex,    // the index of the first largest of the outputs
  kSignedSquare,  // sign(m) * m * m
  kSoftplus,      // log(1 + exp(m))
  kRising,  // m of the first output; of each other log(1 + exp(m)) + 1e-6 above the one before
};

/// raw[k] = bias[k] + sum_j weights[k * features + j] * x[j], with x[j] = fill[j] where missing.
/// Weights apply to unstandardised values: training folds its scaling in.
struct LinearParameters {
  Link link = Link::kIdentity;
  size_t outputs = 1;  // 1, or the number of classes for kSoftmax
  std::vector<float> weights;
  std::vector<double> bias;  // double: it cancels against large features far from zero
  std::vector<float> fill;   // one a feature
};

/// Trees, as a library wrote them.
struct TreeParameters {
  Link link = Link::kIdentity;
  std::string objective = {};  // the library's own name for it: "binary:logistic"
  /// How many rounds score rows: at most ensemble.rounds(), fewer where training stopped early.
  size_t rounds = 0;
  /// Scores are link(slope * raw), or, with `average`, link(slope * raw / rounds).
  double slope = 1;
  bool average = false;
  TreeEnsemble ensemble = {};
};

/// XGBoost's gblinear: raw[k] = (bias[k] + base) + x[0] * weights[0 * outputs + k] + ..., feature
/// by feature in float32; a missing value adds nothing.
struct BoostedLinearParameters {
  Link link = Link::kIdentity;
  std::string objective = {};
  size_t outputs = 1;
  float base = 0;
  std::vector<float> bias = {};     // one an output
  std::vector<float> weights = {};  // features x outputs
};

/// What rows become before anything else: (x[j] - center[j]) * factor[j], and 0 where x[j] is
/// missing. So a missing value is the center, and large features that vary little lose no digits.
struct FeatureScaling {
  std::vector<float> center = {};  // one a feature
  std::vector<float> factor = {};  // one a feature
};

/// One layer of a dense network: activation(bias + inputs * weights).
struct MlpLayer {
  size_t outputs = 0;
  Activation activation = Activation::kNone;
  std::vector<float> weights = {};  // inputs x outputs
  std::vector<float> bias = {};     // one an output
};

/// A multi-layer perceptron: each layer reads the one before it, the first the scaled row; the
/// last one's outputs are the raw values.
struct MlpParameters {
  Link link = Link::kIdentity;
  FeatureScaling scaling = {};
  std::vector<MlpLayer> layers = {};  // at least 1
};

/// A support vector machine for each output:
/// raw[k] = bias[k] + sum_v coefficients[k * vectors + v] * kernel(scaled row, vector v).
struct SupportVectorParameters {
  Link link = Link::kIdentity;
  FeatureScaling scaling = {};
  KernelFunction kernel = {};
  size_t outputs = 1;
  std::vector<float> vectors = {};       // vectors x features, scaled
  std::vector<float> coefficients = {};  // outputs x vectors
  std::vector<double> bias = {};         // one an output
};

/// The names of what a k-means model answers.
inline constexpr std::string_view kClosestCluster = "closest_cluster";
inline constexpr std::string_view kDistanceToCluster = "distance_to_cluster";

/// The centroid that is nearest to the scaled row, of equal ones the first, and how far it is.
struct KMeansParameters {
  FeatureScaling scaling = {};
  std::vector<float> centroids = {};  // clusters x features, scaled
};

struct Model;

/// Several models that answer as one: the mean of their scores, or the score of most of them.
struct AverageParameters {
  /// The smallest of the most frequent scores, for scores that are classes.
  bool vote = false;
  std::vector<Model> members;  // at least 1; all with the same features and output
};

struct PreparedGraph;

/// A graph of operators, kept as the file it came in (ONNX): what operators mean is in their code,
/// and nothing of the file can be lost.
struct GraphParameters {
  std::vector<uint8_t> file = {};
  /// What the importer made of it for this machine. Absent, or of another instruction set than is
  /// compiled for: the file is read anew.
  std::shared_ptr<const PreparedGraph> prepared = {};
  // For people.
  int64_t ir_version = 0;
  std::vector<std::pair<std::string, int64_t>> opsets = {};    // by domain
  std::vector<std::pair<std::string, size_t>> operators = {};  // how many nodes are of each
  std::vector<std::string> inputs = {};                        // "X: float [N, 4]"
  std::vector<std::string> outputs = {};
};

/// Facts about how a model came to be; shown by inspect, never used for scoring.
struct Provenance {
  std::string trained_by;  // "ringmaker 0.1.0"
  std::string trained_at;  // RFC 3339, UTC; empty when reproducibility matters more
  uint64_t rows_trained = 0;
  std::string data_fingerprint = {};  // "xxh3:..." of the training data; empty when unknown
  std::vector<std::pair<std::string, std::string>> hyperparameters;
  std::vector<std::pair<std::string, double>> metrics;  // "validation:rmse" -> value
  std::vector<float> example_row;                       // one real row, or empty
  std::vector<double> importance;                       // one a feature, or empty; adds up to 1
};

struct Model {
  data::Schema schema;
  data::OutputSchema output;
  Provenance provenance;
  std::variant<LinearParameters, TreeParameters, BoostedLinearParameters, AverageParameters,
               GraphParameters, MlpParameters, SupportVectorParameters, KMeansParameters>
      parameters;
};

/// "linear", "trees", "gblinear", "average", "graph", "mlp", "svm", "kmeans".
[[nodiscard]] std::string_view kind(const Model& model) noexcept;

/// Checks the model: shapes agree, numbers are finite, names and classes fit. kInvalidInput.
[[nodiscard]] base::Result<void> validate(const Model& model);

/// Checks the model (shapes agree, numbers finite) and builds the predictor for `set`. A model that
/// is given up for it, as compile(std::move(model), set), takes its memory with it as it goes.
[[nodiscard]] base::Result<std::unique_ptr<Predictor>> compile(Model model,
                                                               base::InstructionSet set);
/// The same for a model that has passed validate(), as every one has that was read from a file.
[[nodiscard]] base::Result<std::unique_ptr<Predictor>> compile_valid(Model model,
                                                                     base::InstructionSet set);

}  // namespace ringmaker::model
