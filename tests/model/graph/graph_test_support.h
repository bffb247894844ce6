// Graphs of a few nodes, and what they answer.
#pragma once

#include "model/graph/graph_predictor.h"
#include "model/import/onnx/onnx_file.h"
#include "model/import/onnx/onnx_model.h"
#include "tests/support/onnx_writer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <span>
#include <string>
#include <vector>

namespace ringmaker::model {

using test::kOnnxBool;
using test::kOnnxDouble;
using test::kOnnxFloat;
using test::kOnnxInt64;
using test::kOnnxString;
using test::OnnxAttributes;
using test::OnnxTensor;
using test::OnnxWriter;

inline std::span<const std::byte> bytes_of_text(const std::string& text) {
  return std::as_bytes(std::span(text));
}

inline base::Result<std::unique_ptr<Predictor>> compiled(const std::string& file) {
  RM_ASSIGN(const Model model, import_onnx(bytes_of_text(file)));
  return compile(model, base::InstructionSet::kPortable);
}

/// The error of importing a file; empty where there is none.
inline std::string error_of(const std::string& file) {
  const auto predictor = compiled(file);
  return predictor ? std::string() : predictor.error().message();
}

/// Rows of all the graph's outputs behind each other, integers and texts by their numbers.
inline std::vector<float> outputs_of_file(const std::string& file, const std::vector<float>& rows) {
  const auto predictor = compiled(file);
  if (!predictor) {
    ADD_FAILURE() << predictor.error().message();
    return {};
  }
  const auto& graph = dynamic_cast<const GraphPredictor&>(**predictor);
  const size_t columns = graph.schema().feature_count();
  std::vector<float> values;
  graph.run({rows.data(), rows.size() / columns, columns}, [&](const Frame& frame) {
    for (size_t i = 0; i < frame.rows; ++i) {
      for (const GraphOutput& output : graph.outputs()) {
        for (size_t k = i * output.columns; k < (i + 1) * output.columns; ++k) {
          const Storage storage = storage_of(output.type);
          values.push_back(frame.spoiled[i]             ? NAN
                           : storage == Storage::kFloat ? frame.read<float>(output.id)[k]
                           : storage == Storage::kDouble
                               ? static_cast<float>(frame.read<double>(output.id)[k])
                               : static_cast<float>(frame.read<int64_t>(output.id)[k]));
        }
      }
    }
  });
  return values;
}

/// y = op(x, constants) of an input x with `columns` columns.
inline std::string one_node(const std::string& op, size_t columns,
                            const OnnxAttributes& attributes = {},
                            const std::vector<OnnxTensor>& constants = {},
                            int32_t type = kOnnxFloat) {
  OnnxWriter graph;
  std::vector<std::string> inputs{"x"};
  graph.input("x", type, {-1, static_cast<int64_t>(columns)});
  for (size_t i = 0; i < constants.size(); ++i) {
    inputs.push_back("c" + std::to_string(i));
    graph.constant(inputs.back(), constants[i]);
  }
  return graph.node(op, inputs, {"y"}, attributes).output("y").file();
}

inline std::vector<float> answers_of(const std::string& op, const std::vector<float>& rows,
                                     size_t columns, const OnnxAttributes& attributes = {},
                                     const std::vector<OnnxTensor>& constants = {}) {
  return outputs_of_file(one_node(op, columns, attributes, constants), rows);
}

inline OnnxTensor floats(std::vector<float> values, std::vector<int64_t> dims) {
  return {.dims = std::move(dims), .values = std::move(values)};
}
inline OnnxTensor floats(std::vector<float> values) {
  const auto count = static_cast<int64_t>(values.size());
  return floats(std::move(values), {count});
}
inline OnnxTensor integers(std::vector<int64_t> values) {
  const auto count = static_cast<int64_t>(values.size());
  return {.dims = {count}, .values = std::move(values)};
}

}  // namespace ringmaker::model
