#include "model/graph/graph_predictor.h"

#include "model/tree/tree_scratch.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <utility>

namespace ringmaker::model {
namespace {

constexpr size_t kRowsMax = 256;  // of a slice; a program's rows_max is not more

}  // namespace

GraphPredictor::GraphPredictor(const Model& model, std::shared_ptr<const PreparedGraph> prepared)
    : schema_(model.schema),
      prepared_(std::move(prepared)),
      for_scores_(prepared_->built.program.steps_for(prepared_->answer.values())),
      for_outputs_(prepared_->built.program.steps_for(prepared_->built.program.outputs())) {
  RM_CHECK(prepared_->built.program.rows_max() <= kRowsMax);
  schema_.narrowing = prepared_->built.narrowing;
}

std::string GraphPredictor::plan() const {
  const auto needed = std::ranges::count(for_scores_, true);
  std::string text =
      fmt::format("{} steps, up to {} rows at a time", needed, prepared_->built.program.rows_max());
  for (const GraphTrees& one : trees()) {
    text += "; trees: " + one.plan;
  }
  return text;
}

template <class Each>
void GraphPredictor::run_slice(data::DenseView rows, const std::vector<bool>& steps,
                               Each&& each) const {
  std::array<bool, kRowsMax> spoiled;  // NOLINT(cppcoreguidelines-pro-type-member-init)
  std::fill_n(spoiled.begin(), rows.rows, false);
  auto* memory =
      tree_scratch<std::byte>(ScratchUse::kGraph, prepared_->built.program.memory_bytes() + 1);
  Frame frame = prepared_->built.program.frame(memory, rows.rows);
  frame.inputs = rows.values;
  frame.input_columns = rows.columns;
  frame.spoiled = spoiled.data();
  prepared_->built.program.run(frame, steps);
  each(frame);
}

void GraphPredictor::predict_raw(data::DenseView rows, data::DenseSpan raw) const noexcept {
  const size_t slice = prepared_->built.program.rows_max();
  for (size_t first = 0; first < rows.rows; first += slice) {
    const size_t count = std::min(slice, rows.rows - first);
    run_slice(rows.slice(first, count), for_scores_,
              [&](const Frame& frame) { prepared_->answer.read(frame, raw.slice(first, count)); });
  }
}

void GraphPredictor::run(data::DenseView rows,
                         const std::function<void(const Frame&)>& each) const {
  const size_t slice = prepared_->built.program.rows_max();
  for (size_t first = 0; first < rows.rows; first += slice) {
    run_slice(rows.slice(first, std::min(slice, rows.rows - first)), for_outputs_, each);
  }
}

}  // namespace ringmaker::model
