// OperatorContext: one node of a graph as its operator sees it: inputs, attributes, and what it
// makes. Errors say which node it was.
#pragma once

#include "base/result.h"
#include "model/graph/program_builder.h"

#include <fmt/core.h>

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ringmaker::model {

class OperatorContext {
 public:
  OperatorContext(ProgramBuilder& builder, const GraphNode& node, int64_t opset)
      : builder_(builder), node_(node), opset_(opset) {}

  [[nodiscard]] const GraphNode& node() const noexcept { return node_; }
  [[nodiscard]] ProgramBuilder& builder() noexcept { return builder_; }
  /// The version of the node's domain.
  [[nodiscard]] int64_t opset() const noexcept { return opset_; }

  [[nodiscard]] size_t input_count() const noexcept { return node_.inputs.size(); }
  [[nodiscard]] bool has_input(size_t i) const noexcept {
    return i < node_.inputs.size() && !node_.inputs[i].empty();
  }
  /// Of an input that is there: the builder has looked.
  [[nodiscard]] ValueId input(size_t i) const { return *builder_.find(node_.inputs[i]); }
  [[nodiscard]] const Value& in(size_t i) const { return builder_.value(input(i)); }
  [[nodiscard]] bool is_constant(size_t i) const { return in(i).constant != nullptr; }
  /// Nobody but this node reads the input, and it does so once.
  [[nodiscard]] bool reads_alone(size_t i) const {
    return builder_.readers_of(node_.inputs[i]) == 1;
  }
  /// The values of a constant input of integers.
  [[nodiscard]] base::Result<std::vector<int64_t>> integers_of(size_t i) const;
  /// The one number of a constant input.
  [[nodiscard]] base::Result<double> number_of(size_t i) const;
  /// The values of a constant input of floats or doubles, as floats.
  [[nodiscard]] base::Result<std::vector<float>> reals_of(size_t i) const;
  /// The texts that their numbers stand for.
  [[nodiscard]] std::vector<std::string> texts_of(std::span<const int64_t> numbers) const;
  /// The input is compared with these: the features whose texts pass through it learn them.
  void ask_for(size_t input, const std::vector<std::string>& texts);
  [[nodiscard]] base::Result<void> expect_type(size_t i,
                                               std::initializer_list<ElementType> types) const;

  // Attributes: the default where the node has none of that name. One of another kind makes
  // failed() an error.
  [[nodiscard]] bool has(std::string_view name) const noexcept { return find(name) != nullptr; }
  [[nodiscard]] int64_t integer(std::string_view name, int64_t absent);
  [[nodiscard]] float real(std::string_view name, float absent);
  [[nodiscard]] std::string text(std::string_view name, std::string_view absent);
  [[nodiscard]] const std::vector<int64_t>& integers(std::string_view name);
  [[nodiscard]] const std::vector<float>& reals(std::string_view name);
  [[nodiscard]] const std::vector<std::string>& texts(std::string_view name);
  /// Null where there is none.
  [[nodiscard]] const GraphTensor* tensor(std::string_view name);
  [[nodiscard]] const Graph* graph(std::string_view name);
  /// The first attribute that was of another kind than asked for.
  [[nodiscard]] base::Result<void> failed() const;

  [[nodiscard]] bool wants_output(size_t i) const noexcept {
    return i < node_.outputs.size() && !node_.outputs[i].empty();
  }
  /// The value of output i, or memory of the step's own where nobody wants it.
  [[nodiscard]] base::Result<ValueId> output(size_t i, ElementType type, Shape shape);
  /// Output i is input `of` under another shape of as many elements.
  [[nodiscard]] base::Result<ValueId> alias(size_t i, size_t of, Shape shape);
  [[nodiscard]] base::Result<ValueId> scratch(ElementType type, Shape shape);
  [[nodiscard]] Value& value(ValueId id) { return builder_.value(id); }

  // What becomes of scores, for whoever asks which class they speak for.
  /// Value `out` has the columns of input i, by a function that grows with each of them and is the
  /// same for all of a row. Of one column nothing is said: it has no order.
  void keep_order(size_t i, ValueId out);
  /// Value `out` has columns of input i: as many as told, the first of which is this one.
  void take_columns(size_t i, ValueId out, size_t axis, size_t first, size_t count);
  /// No number of the input is below 0, whatever the row.
  [[nodiscard]] bool never_negative(size_t i) const;
  /// The number that a constant input holds, once or many times; nothing where it is not finite.
  [[nodiscard]] std::optional<double> uniform(size_t i) const;

  void run(Kernel kernel) { builder_.add_step(std::move(kernel)); }

  /// -rank <= axis < rank, counted from the front.
  [[nodiscard]] base::Result<size_t> axis(int64_t axis, size_t rank) const;
  /// Rows along the axis would be mixed with each other.
  [[nodiscard]] base::Result<void> expect_within_rows(const Shape& shape, size_t axis) const;

  template <class... Values>
  [[nodiscard]] tl::unexpected<base::Error> refuse(fmt::format_string<Values...> format,
                                                   Values&&... values) const {
    return refused(base::ErrorCode::kInvalidInput,
                   fmt::format(format, std::forward<Values>(values)...));
  }
  template <class... Values>
  [[nodiscard]] tl::unexpected<base::Error> unsupported(fmt::format_string<Values...> format,
                                                        Values&&... values) const {
    return refused(base::ErrorCode::kUnsupported,
                   fmt::format(format, std::forward<Values>(values)...));
  }

 private:
  [[nodiscard]] const GraphAttribute* find(std::string_view name) const noexcept;
  [[nodiscard]] const GraphAttribute* find(std::string_view name, AttributeKind kind);
  [[nodiscard]] tl::unexpected<base::Error> refused(base::ErrorCode code,
                                                    const std::string& message) const;

  ProgramBuilder& builder_;
  const GraphNode& node_;
  int64_t opset_;
  std::optional<std::string> failed_;
};

/// `node "fc1" (Gemm)`, or by what it makes where it has no name.
[[nodiscard]] std::string text_of(const GraphNode& node);

}  // namespace ringmaker::model
