// NativeAnswers: what a model's own library answers, for `predict --outputs native` and its kin.
//
//   native     what predict returns: scores
//   raw_score  margins, before any link
//   leaf       what the library calls the leaf of each tree that a row reaches
//   contributions  what each feature adds to each margin, and the bias
//
// Of a graph (ONNX) native is every output of the graph, in its order, flattened:
// "probabilities_0", or "label" for an output of one dimension; texts and integers are written as
// they are.
#pragma once

#include "base/result.h"
#include "data/dense_block.h"
#include "model/graph/graph_predictor.h"
#include "model/model.h"
#include "model/tree/reference_walk.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ringmaker::cli {

class NativeAnswers {
 public:
  /// Whether a list of outputs is of these: it names native, or leaf or contributions and nothing
  /// that serving alone knows. A raw_score without such company is SageMaker's.
  [[nodiscard]] static bool asked_for(std::string_view list);
  /// kInvalidInput for a list of others, and for what the model has not.
  /// `predictor` is the model's and outlives it.
  [[nodiscard]] static base::Result<NativeAnswers> make(const model::Model& model,
                                                        const model::Predictor& predictor,
                                                        std::string_view list);

  /// "native" with one column, "native_0,native_1" with several; "contributions_age",
  /// "contributions_1_age" of the second margin, "contributions_bias"; without a line's end.
  [[nodiscard]] std::string header() const;
  /// One line a row: numbers have 17 significant digits where the library computes in double, and
  /// nine, which tell every float32 apart, where it does not.
  void append(data::DenseView rows, std::string& out) const;

 private:
  enum class Output : uint8_t { kNative, kRawScore, kLeaf, kContributions };
  struct Column {
    Output output;
    size_t count;
  };

  void append_some(data::DenseView rows, std::string& out) const;
  void append_graph(data::DenseView rows, std::string& out) const;
  void append_header(const Column& column, std::string& text) const;
  [[nodiscard]] std::vector<double> values_of(const Column& column, data::DenseView rows) const;

  [[nodiscard]] std::vector<double> values_in_double(const Column& column,
                                                     data::DenseView rows) const;

  std::vector<Column> columns_;
  bool in_double_ = false;
  model::Link link_ = model::Link::kIdentity;
  double link_scale_ = 1;
  const model::Predictor* predictor_ = nullptr;
  const model::GraphPredictor* graph_ = nullptr;  // the same, where it is one
  std::optional<model::ReferenceWalk> walk_;      // of a library that sums in double
};

}  // namespace ringmaker::cli
