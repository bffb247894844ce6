// NativeAnswers: what a model's own library answers, as columns of `predict`.
//
//   native     what predict returns: scores
//   raw_score  margins, before any link
//   leaf       what the library calls the leaf of each tree that a row reaches
//   contributions  what each feature adds to each margin, and the bias
//
// Of a graph (ONNX) native is every output of the graph, in its order, flattened:
// "probabilities_0", or "label" for an output of one dimension; texts and integers are written as
// they are. Of several models that answer as one, numbers are the means of theirs, leaves are those
// of all.
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
  enum class Output : uint8_t { kNative, kRawScore, kLeaf, kContributions };

  [[nodiscard]] static std::optional<Output> output_named(std::string_view name) noexcept;
  /// The names of what such a model has.
  [[nodiscard]] static std::vector<std::string> names_of(const data::OutputSchema& output);

  /// `predictor` is the model's and outlives it.
  NativeAnswers(const model::Model& model, const model::Predictor& predictor);
  /// One more, behind those that are there. kInvalidInput for what the model has not.
  [[nodiscard]] base::Result<void> add(Output output);

  /// Of a row, all outputs together.
  [[nodiscard]] size_t values() const noexcept;
  /// The names of the values of output `at`, joined by commas: "native" where it is one,
  /// "native_0,native_1" where they are several; "contributions_age", "contributions_1_age" of the
  /// second margin, "contributions_bias".
  void append_header(size_t at, std::string& out) const;
  /// Makes the values of all outputs for some rows.
  void take(data::DenseView rows);
  /// Those of output `at` for a row that was taken, joined by commas: numbers have 17 significant
  /// digits where the library computes in double, and nine, which tell every float32 apart, where
  /// it does not.
  void append(size_t at, size_t row, std::string& out) const;

 private:
  struct Column {
    Output output;
    size_t count;
    std::vector<double> values = {};
    std::vector<uint32_t> leaves = {};
  };
  /// A model of a library that sums in double: no kernel gives more than float32.
  struct DoubleWalk {
    model::ReferenceWalk walk;
    model::Link link;
    double link_scale;
  };

  void append_graph_header(std::string& out) const;
  void take_graph(data::DenseView rows);
  void append_graph_value(const model::Frame& frame, const model::GraphOutput& output, size_t at,
                          bool spoiled);
  void take_doubles(data::DenseView rows);
  void take_values(data::DenseView rows, Column& column) const;
  [[nodiscard]] bool is_in_double(const Column& column) const noexcept;

  std::vector<Column> columns_;
  const model::Predictor* predictor_;
  std::string_view kind_;
  const model::GraphPredictor* graph_;  // the same, where it is one
  std::vector<DoubleWalk> walks_;       // one a model that answers, or none
  // Of a graph: the text of each row, and where it ends.
  std::string texts_;
  std::vector<size_t> text_ends_;
};

}  // namespace ringmaker::cli
