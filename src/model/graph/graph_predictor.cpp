#include "model/graph/graph_predictor.h"

#include "model/tree/tree_scratch.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace ringmaker::model {
namespace {

constexpr size_t kRowsMax = 256;  // of a slice; a program's rows_max is not more

}  // namespace

base::Result<std::unique_ptr<Predictor>> GraphPredictor::make(const Model& model,
                                                              const GraphFile& file,
                                                              base::InstructionSet set) {
  RM_ASSIGN(BuiltGraph built, build_program(file, set));
  RM_ASSIGN(std::vector<GraphOutput> outputs, outputs_of(built.program, file.graph.outputs));
  RM_ASSIGN(GraphAnswer answer, GraphAnswer::make(built.program, outputs));
  data::Schema schema = model.schema;
  schema.narrowing = built.narrowing;
  return std::unique_ptr<Predictor>(new GraphPredictor(std::move(schema), set, std::move(built),
                                                       std::move(outputs), std::move(answer)));
}

GraphPredictor::GraphPredictor(data::Schema schema, base::InstructionSet set, BuiltGraph built,
                               std::vector<GraphOutput> outputs, GraphAnswer answer)
    : schema_(std::move(schema)),
      set_(set),
      built_(std::move(built)),
      outputs_(std::move(outputs)),
      answer_(std::move(answer)),
      for_scores_(built_.program.steps_for(answer_.values())),
      for_outputs_(built_.program.steps_for(built_.program.outputs())) {
  RM_CHECK(built_.program.rows_max() <= kRowsMax);
}

std::string GraphPredictor::plan() const {
  const auto needed = std::ranges::count(for_scores_, true);
  return fmt::format("{} steps, up to {} rows at a time", needed, built_.program.rows_max());
}

template <class Each>
void GraphPredictor::run_slice(data::DenseView rows, const std::vector<bool>& steps,
                               Each&& each) const {
  std::array<bool, kRowsMax> spoiled;  // NOLINT(cppcoreguidelines-pro-type-member-init)
  std::fill_n(spoiled.begin(), rows.rows, false);
  auto* memory = tree_scratch<std::byte>(ScratchUse::kGraph, built_.program.memory_bytes() + 1);
  Frame frame = built_.program.frame(memory, rows.rows);
  frame.inputs = rows.values;
  frame.input_columns = rows.columns;
  frame.spoiled = spoiled.data();
  built_.program.run(frame, steps);
  each(frame);
}

void GraphPredictor::predict_raw(data::DenseView rows, data::DenseSpan raw) const noexcept {
  const size_t slice = built_.program.rows_max();
  for (size_t first = 0; first < rows.rows; first += slice) {
    const size_t count = std::min(slice, rows.rows - first);
    run_slice(rows.slice(first, count), for_scores_,
              [&](const Frame& frame) { answer_.read(frame, raw.slice(first, count)); });
  }
}

void GraphPredictor::run(data::DenseView rows,
                         const std::function<void(const Frame&)>& each) const {
  const size_t slice = built_.program.rows_max();
  for (size_t first = 0; first < rows.rows; first += slice) {
    run_slice(rows.slice(first, std::min(slice, rows.rows - first)), for_outputs_, each);
  }
}

}  // namespace ringmaker::model
