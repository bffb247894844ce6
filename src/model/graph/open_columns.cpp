#include "model/graph/open_columns.h"

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <span>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

namespace ringmaker::model {
namespace {

constexpr std::string_view kMl = "ai.onnx.ml";

const GraphAttribute* find(const GraphNode& node, std::string_view name) {
  const auto found = std::ranges::find(node.attributes, name, &GraphAttribute::name);
  return found == node.attributes.end() ? nullptr : &*found;
}

int64_t integer_of(const GraphNode& node, std::string_view name, int64_t absent) {
  const GraphAttribute* attribute = find(node, name);
  return attribute == nullptr ? absent : attribute->integer;
}

size_t floats_of(const GraphNode& node, std::string_view name) {
  const GraphAttribute* attribute = find(node, name);
  return attribute == nullptr ? 0 : attribute->floats.size();
}

/// `values` in `rows` rows of as many each.
std::optional<int64_t> width_of(size_t values, size_t rows) {
  return rows > 0 && values > 0 && values % rows == 0
             ? std::optional(static_cast<int64_t>(values / rows))
             : std::nullopt;
}

/// One for all columns tells nothing.
std::optional<int64_t> more_than_one(size_t count) {
  return count > 1 ? std::optional(static_cast<int64_t>(count)) : std::nullopt;
}

class Columns {
 public:
  explicit Columns(const Graph& graph) {
    for (const GraphTensor& constant : graph.constants) {
      constants_[constant.name] = &constant;
    }
    for (const GraphNode& node : graph.nodes) {
      for (const std::string& input : node.inputs) {
        readers_[input].push_back(&node);
      }
    }
  }

  /// What the nodes that read a value say of its columns.
  [[nodiscard]] std::set<int64_t> told_of(const std::string& input) const {
    std::set<int64_t> told;
    std::unordered_set<std::string_view> seen{input};
    std::vector<std::string_view> open{input};
    while (!open.empty()) {
      const std::string_view name = open.back();
      open.pop_back();
      const auto readers = readers_.find(name);
      if (readers == readers_.end()) {
        continue;
      }
      for (const GraphNode* node : readers->second) {
        if (const auto columns = told_by(*node, name)) {
          told.insert(*columns);
        } else if (keeps_columns(*node) && !node->outputs.empty() &&
                   seen.insert(node->outputs[0]).second) {
          open.push_back(node->outputs[0]);
        }
      }
    }
    return told;
  }

 private:
  [[nodiscard]] std::optional<int64_t> told_by(const GraphNode& node,
                                               std::string_view input) const {
    return node.domain == kMl ? told_by_ml(node) : told_by_weights(node, input);
  }
  [[nodiscard]] std::optional<int64_t> told_by_weights(const GraphNode& node,
                                                       std::string_view input) const {
    const bool multiplies = node.domain.empty() && (node.op == "Gemm" || node.op == "MatMul");
    if (!multiplies || node.inputs.size() < 2 || node.inputs[0] != input ||
        integer_of(node, "transA", 0) != 0) {
      return std::nullopt;
    }
    const auto weights = constants_.find(node.inputs[1]);
    if (weights == constants_.end() || weights->second->dims.size() != 2) {
      return std::nullopt;
    }
    return weights->second->dims[integer_of(node, "transB", 0) == 0 ? 0 : 1];
  }
  [[nodiscard]] static std::optional<int64_t> told_by_ml(const GraphNode& node) {
    if (node.op == "LinearClassifier") {
      return width_of(floats_of(node, "coefficients"), floats_of(node, "intercepts"));
    }
    if (node.op == "LinearRegressor") {
      return width_of(floats_of(node, "coefficients"),
                      static_cast<size_t>(std::max<int64_t>(integer_of(node, "targets", 1), 0)));
    }
    if (node.op == "SVMRegressor") {
      return width_of(floats_of(node, "support_vectors"),
                      static_cast<size_t>(std::max<int64_t>(integer_of(node, "n_supports", 0), 0)));
    }
    if (node.op == "Scaler") {
      return more_than_one(std::max(floats_of(node, "offset"), floats_of(node, "scale")));
    }
    if (node.op == "Imputer") {
      return more_than_one(floats_of(node, "imputed_value_floats"));
    }
    return std::nullopt;
  }

  [[nodiscard]] static bool keeps_columns(const GraphNode& node) {
    constexpr std::array<std::string_view, 3> kMlKeeping{"Scaler", "Imputer", "Normalizer"};
    constexpr std::array<std::string_view, 3> kKeeping{"Cast", "Identity", "Dropout"};
    const std::span<const std::string_view> keeping = node.domain == kMl ? kMlKeeping : kKeeping;
    return std::ranges::find(keeping, node.op) != keeping.end();
  }

  std::unordered_map<std::string_view, const GraphTensor*> constants_;
  std::unordered_map<std::string_view, std::vector<const GraphNode*>> readers_;
};

bool has_open_columns(const GraphPort& port) { return port.dims.size() == 2 && port.dims[1] < 0; }

}  // namespace

std::vector<GraphPort> settle_open_columns(const Graph& graph) {
  std::vector<GraphPort> inputs = graph.inputs;
  if (std::ranges::none_of(inputs, has_open_columns)) {
    return inputs;
  }
  const Columns columns(graph);
  for (GraphPort& port : inputs) {
    const std::set<int64_t> told =
        has_open_columns(port) ? columns.told_of(port.name) : std::set<int64_t>();
    if (told.size() == 1) {
      port.dims[1] = *told.begin();
    }
  }
  return inputs;
}

}  // namespace ringmaker::model
