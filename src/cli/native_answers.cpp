#include "cli/native_answers.h"

#include "cli/csv_field.h"
#include "model/link.h"
#include "model/tree/first_rounds.h"
#include "model/tree/narrowed_trees.h"
#include "model/tree/tree_predictor.h"
#include "wire/number_format.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <span>

namespace ringmaker::cli {
namespace {

/// In the order of NativeAnswers::Output.
constexpr std::array<std::string_view, 4> kNames{"native", "raw_score", "leaf", "contributions"};
/// Significant digits that tell apart what a library computes.
constexpr int kFloatDigits = 9;
constexpr int kDoubleDigits = 17;

std::string_view name_of(NativeAnswers::Output output) noexcept {
  return kNames[static_cast<size_t>(output)];
}

/// How many values of it a row has; 0: none.
size_t count_of(const data::OutputSchema& output, NativeAnswers::Output wanted) noexcept {
  switch (wanted) {
    case NativeAnswers::Output::kNative:
      return output.score_columns();
    case NativeAnswers::Output::kRawScore:
      return output.raw_unknown || (output.class_index && !output.class_margins)
                 ? 0
                 : output.margin_columns();
    case NativeAnswers::Output::kLeaf:
      return output.explanation.leaves;
    case NativeAnswers::Output::kContributions:
      return output.explanation.contributions();
  }
  return 0;
}

/// There are many: one a tree.
void append_leaves(std::span<const uint32_t> leaves, std::string& out) {
  constexpr size_t kBytesEach = 11;  // "4294967295,"
  size_t end = out.size();
  out.resize(end + leaves.size() * kBytesEach);
  for (const uint32_t leaf : leaves) {
    char* const at = out.data() + end;
    char* const behind = std::to_chars(at, at + kBytesEach, leaf).ptr;
    *behind = ',';
    end += static_cast<size_t>(behind - at) + 1;
  }
  out.resize(end - 1);
}

}  // namespace

std::optional<NativeAnswers::Output> NativeAnswers::output_named(std::string_view name) noexcept {
  const auto* const found = std::ranges::find(kNames, name);
  return found == kNames.end() ? std::nullopt
                               : std::optional(static_cast<Output>(found - kNames.begin()));
}

std::vector<std::string> NativeAnswers::names_of(const data::OutputSchema& output) {
  std::vector<std::string> names;
  for (const std::string_view name : kNames) {
    if (count_of(output, *output_named(name)) > 0) {
      names.emplace_back(name);
    }
  }
  return names;
}

NativeAnswers::NativeAnswers(const model::Model& model, const model::Predictor& predictor)
    : predictor_(&predictor),
      kind_(model::kind(model)),
      graph_(dynamic_cast<const model::GraphPredictor*>(&predictor)) {
  const auto add_walk = [&](const model::Model& one) {
    const auto* trees = std::get_if<model::TreeParameters>(&one.parameters);
    if (trees != nullptr && trees->ensemble.precision == model::Precision::kFloat64) {
      walks_.push_back(
          {model::ReferenceWalk(model::narrowed_trees(
               model::first_rounds(trees->ensemble, trees->rounds), predictor.schema().narrowing)),
           trees->link, model::link_scale(*trees)});
    }
  };
  add_walk(model);
  if (const auto* average = std::get_if<model::AverageParameters>(&model.parameters)) {
    std::ranges::for_each(average->members, add_walk);
  }
}

base::Result<void> NativeAnswers::add(Output output) {
  size_t count = count_of(predictor_->output(), output);
  if (count == 0) {
    return base::fail(
        base::ErrorCode::kInvalidInput,
        output == Output::kContributions
            ? fmt::format("--outputs: {}", predictor_->output().explanation.no_contributions)
            : fmt::format("--outputs: a model of kind {} has no {}", kind_,
                          output == Output::kLeaf ? "leaves" : "raw scores"));
  }
  if (graph_ != nullptr && output == Output::kNative) {
    count = 0;
    for (const model::GraphOutput& one : graph_->outputs()) {
      count += one.columns;
    }
  }
  columns_.push_back({output, count});
  return {};
}

size_t NativeAnswers::values() const noexcept {
  size_t sum = 0;
  for (const Column& column : columns_) {
    sum += column.count;
  }
  return sum;
}

void NativeAnswers::append_graph_header(std::string& out) const {
  const char* comma = "";
  for (const model::GraphOutput& output : graph_->outputs()) {
    for (size_t k = 0; k < output.columns; ++k) {
      out += comma;
      append_csv_field(out, output.rank == 1 ? output.name : fmt::format("{}_{}", output.name, k));
      comma = ",";
    }
  }
}

void NativeAnswers::append_header(size_t at, std::string& out) const {
  const Column& column = columns_[at];
  if (graph_ != nullptr && column.output == Output::kNative) {
    append_graph_header(out);
    return;
  }
  const std::string_view name = name_of(column.output);
  const data::Explanation& explanation = predictor_->output().explanation;
  const std::vector<std::string>& features = predictor_->schema().feature_names;
  for (size_t k = 0; k < column.count; ++k) {
    out += k == 0 ? "" : ",";
    if (column.output == Output::kContributions) {
      const size_t j = k % explanation.contributions_each;
      const std::string_view feature = j < features.size() ? std::string_view(features[j]) : "bias";
      append_csv_field(
          out, explanation.margins == 1
                   ? fmt::format("{}_{}", name, feature)
                   : fmt::format("{}_{}_{}", name, k / explanation.contributions_each, feature));
    } else {
      out += column.count == 1 ? std::string(name) : fmt::format("{}_{}", name, k);
    }
  }
}

void NativeAnswers::append_graph_value(const model::Frame& frame, const model::GraphOutput& output,
                                       size_t at, bool spoiled) {
  switch (model::storage_of(output.type)) {
    case model::Storage::kFloat:
      append_csv_number(texts_,
                        spoiled ? static_cast<double>(NAN)
                                : static_cast<double>(frame.read<float>(output.id)[at]),
                        kFloatDigits);
      return;
    case model::Storage::kDouble:
      append_csv_number(texts_,
                        spoiled ? static_cast<double>(NAN) : frame.read<double>(output.id)[at],
                        kDoubleDigits);
      return;
    case model::Storage::kInteger:
      break;
  }
  if (spoiled) {
    return;  // nothing stands for no label
  }
  const int64_t value = frame.read<int64_t>(output.id)[at];
  if (output.type == model::ElementType::kString) {
    append_csv_field(texts_, graph_->text(value));
  } else {
    wire::append_number(texts_, value);
  }
}

void NativeAnswers::take_graph(data::DenseView rows) {
  texts_.clear();
  text_ends_.clear();
  graph_->run(rows, [&](const model::Frame& frame) {
    for (size_t i = 0; i < frame.rows; ++i) {
      const char* comma = "";
      for (const model::GraphOutput& output : graph_->outputs()) {
        for (size_t k = 0; k < output.columns; ++k) {
          texts_ += comma;
          append_graph_value(frame, output, i * output.columns + k, frame.spoiled[i]);
          comma = ",";
        }
      }
      text_ends_.push_back(texts_.size());
    }
  });
}

bool NativeAnswers::is_in_double(const Column& column) const noexcept {
  return !walks_.empty() &&
         (column.output == Output::kNative || column.output == Output::kRawScore);
}

/// Native and raw values by one walk.
void NativeAnswers::take_doubles(data::DenseView rows) {
  const size_t outputs = walks_.front().walk.ensemble().outputs;
  std::vector<double> raw(rows.rows * outputs);
  std::vector<double> native(raw.size());
  std::vector<double> row(rows.columns);
  std::vector<double> sums(outputs);
  const auto add_sums = [&](std::vector<double>& to, size_t first) {
    for (size_t k = 0; k < outputs; ++k) {
      to[first + k] += sums[k];
    }
  };
  for (size_t i = 0; i < rows.rows; ++i) {
    std::copy_n(rows.row(i), rows.columns, row.begin());
    for (const DoubleWalk& one : walks_) {
      one.walk.sums(row.data(), sums.data());
      add_sums(raw, i * outputs);
      std::ranges::transform(sums, sums.begin(), [&](double sum) { return sum * one.link_scale; });
      model::apply_link(one.link, sums);
      add_sums(native, i * outputs);
    }
  }
  const auto models = static_cast<double>(walks_.size());
  for (Column& column : columns_) {
    if (is_in_double(column)) {
      column.values = column.output == Output::kNative ? native : raw;
      std::ranges::for_each(column.values, [&](double& sum) { sum /= models; });
    }
  }
}

void NativeAnswers::take_values(data::DenseView rows, Column& column) const {
  if (column.output == Output::kLeaf) {
    column.leaves.resize(rows.rows * column.count);
    predictor_->leaves(rows, column.leaves.data());
    return;
  }
  column.values.resize(rows.rows * column.count);
  if (column.output == Output::kContributions) {
    predictor_->contributions(rows, column.values.data());
    return;
  }
  std::vector<float> values(rows.rows * column.count);
  const data::DenseSpan span{values.data(), rows.rows, column.count};
  if (column.output == Output::kNative) {
    predictor_->predict(rows, span);
  } else {
    predictor_->margins(rows, span);
  }
  std::ranges::copy(values, column.values.begin());
}

void NativeAnswers::take(data::DenseView rows) {
  const auto is_graphs = [&](const Column& column) {
    return graph_ != nullptr && column.output == Output::kNative;
  };
  if (std::ranges::any_of(columns_, is_graphs)) {
    take_graph(rows);
  }
  if (std::ranges::any_of(columns_, [&](const Column& column) { return is_in_double(column); })) {
    take_doubles(rows);
  }
  for (Column& column : columns_) {
    if (!is_graphs(column) && !is_in_double(column)) {
      take_values(rows, column);
    }
  }
}

void NativeAnswers::append(size_t at, size_t row, std::string& out) const {
  const Column& column = columns_[at];
  if (graph_ != nullptr && column.output == Output::kNative) {
    const size_t begin = row == 0 ? 0 : text_ends_[row - 1];
    out.append(texts_, begin, text_ends_[row] - begin);
    return;
  }
  if (column.output == Output::kLeaf) {
    append_leaves(std::span(column.leaves).subspan(row * column.count, column.count), out);
    return;
  }
  for (size_t i = row * column.count; i < (row + 1) * column.count; ++i) {
    out += i == row * column.count ? "" : ",";
    append_csv_number(out, column.values[i], walks_.empty() ? kFloatDigits : kDoubleDigits);
  }
}

}  // namespace ringmaker::cli
