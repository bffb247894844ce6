// ProgramBuilder: from a graph's nodes, in their order, to the steps of a Program.
//
// Everything that can be wrong is found here: names that nothing makes, types and shapes that do
// not fit, operators that are not known. A node whose inputs are all known runs at once, and what
// it makes is a constant.
#pragma once

#include "base/cpu.h"
#include "base/result.h"
#include "model/graph/graph.h"
#include "model/graph/graph_features.h"
#include "model/graph/graph_trees.h"
#include "model/graph/program.h"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace ringmaker::model {

/// Stands in constants of shapes for the number of rows.
inline constexpr int64_t kRowsMark = INT64_MIN + 7;

/// What all graphs of a file share.
struct BuildSettings {
  std::map<std::string, int64_t> opsets = {};  // by domain
  /// Nothing: the program is only checked, and what depends on the CPU is left out.
  std::optional<base::InstructionSet> set = {};
  std::shared_ptr<GraphFeatures> features = {};
  std::shared_ptr<std::vector<std::string>> texts = {};  // all of the program, by number
  std::unordered_map<std::string, int64_t> text_numbers = {};
  size_t fixed_bytes = 0;              // constants made, in all
  std::vector<GraphTrees> trees = {};  // of its nodes

  /// The number of a text.
  [[nodiscard]] int64_t number_of(const std::string& text);
};

class ProgramBuilder {
 public:
  /// `settings` must outlive the builder.
  explicit ProgramBuilder(BuildSettings& settings, size_t depth = 0)
      : settings_(settings), depth_(depth) {}

  /// Adds a value that a step of another graph fills before each run.
  [[nodiscard]] base::Result<ValueId> add_input(const std::string& name, ElementType type,
                                                Shape shape);
  /// Adds a graph's own input: columns of the model's rows.
  [[nodiscard]] base::Result<void> add_features(const std::vector<GraphPort>& inputs);
  /// Adds constants and nodes.
  [[nodiscard]] base::Result<void> add(const Graph& graph);
  /// Ends the building. kInvalidInput for an output that nothing makes.
  [[nodiscard]] base::Result<Program> finish(const std::vector<GraphPort>& outputs);

  // For operators.
  [[nodiscard]] BuildSettings& settings() noexcept { return settings_; }
  [[nodiscard]] size_t depth() const noexcept { return depth_; }
  [[nodiscard]] Value& value(ValueId id) { return program_.values_[id]; }
  [[nodiscard]] ValueId whole(ValueId id) const { return program_.whole(id); }
  [[nodiscard]] std::optional<ValueId> find(const std::string& name) const;
  /// How many nodes read a value; being an output counts as one more.
  [[nodiscard]] size_t readers_of(const std::string& name) const;
  /// Values without a name are a step's own memory. kInvalidInput for a name that is taken and for
  /// shapes without bounds.
  [[nodiscard]] base::Result<ValueId> add_value(Value value);
  void add_step(Kernel kernel) { program_.steps_.push_back({.kernel = std::move(kernel)}); }
  void add_body(std::shared_ptr<Program> body) { program_.bodies_.push_back(std::move(body)); }
  [[nodiscard]] base::Result<ValueId> add_constant(const GraphTensor& tensor);

 private:
  [[nodiscard]] base::Result<void> add_node(const GraphNode& node);
  /// Runs the steps from `first_step` on and makes constants of the values from `first_value` on.
  [[nodiscard]] base::Result<void> fold(size_t first_value, size_t first_step);

  BuildSettings& settings_;
  size_t depth_;
  Program program_ = {};
  std::unordered_map<std::string, ValueId> by_name_ = {};
  std::unordered_map<std::string, size_t> readers_ = {};
};

/// The whole of a file: features, program.
struct BuiltGraph {
  Program program = {};
  std::shared_ptr<GraphFeatures> features = {};
  data::Narrowing narrowing = {};
  std::vector<GraphTrees> trees = {};
};

/// Without a set the program cannot run; it tells what is to be known of the file. kInvalidInput
/// and kUnsupported name the node.
[[nodiscard]] base::Result<BuiltGraph> build_program(const GraphFile& file,
                                                     std::optional<base::InstructionSet> set);

}  // namespace ringmaker::model
