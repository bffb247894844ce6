#include "cli/native_answers.h"

#include "base/nearest_name.h"
#include "base/text.h"
#include "cli/csv_field.h"
#include "model/link.h"
#include "model/tree/first_rounds.h"
#include "model/tree/narrowed_trees.h"
#include "model/tree/tree_predictor.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>

namespace ringmaker::cli {
namespace {

/// In the order of NativeAnswers::Output.
constexpr std::array<std::string_view, 4> kNames{"native", "raw_score", "leaf", "contributions"};
/// Of a column that are held together, unless one row has more.
constexpr size_t kValuesMax = 1 << 20;

std::vector<std::string> names_in(std::string_view list) {
  std::vector<std::string> names;
  while (!list.empty()) {
    if (const std::string_view name = base::take_item(list); !name.empty()) {
      names.emplace_back(name);
    }
  }
  return names;
}

}  // namespace

bool NativeAnswers::asked_for(std::string_view list) {
  const std::vector<std::string> names = names_in(list);
  const auto has = [&](Output output) {
    return std::ranges::find(names, kNames.at(static_cast<size_t>(output))) != names.end();
  };
  const bool all = std::ranges::all_of(names, [](const std::string& name) {
    return std::ranges::find(kNames, name) != kNames.end();
  });
  return has(Output::kNative) || (all && (has(Output::kLeaf) || has(Output::kContributions)));
}

base::Result<NativeAnswers> NativeAnswers::make(const model::Model& model,
                                                const model::Predictor& predictor,
                                                std::string_view list) {
  NativeAnswers answers;
  answers.predictor_ = &predictor;
  answers.graph_ = dynamic_cast<const model::GraphPredictor*>(&predictor);
  if (answers.graph_ != nullptr && names_in(list) != std::vector<std::string>{"native"}) {
    return base::fail(base::ErrorCode::kInvalidInput,
                      "--outputs: of a graph, native is every output there is, and stands alone");
  }
  const auto* trees = std::get_if<model::TreeParameters>(&model.parameters);
  if (trees != nullptr && trees->ensemble.precision == model::Precision::kFloat64) {
    answers.walk_.emplace(model::narrowed_trees(model::first_rounds(trees->ensemble, trees->rounds),
                                                predictor.schema().narrowing));
    answers.in_double_ = true;
    answers.link_ = trees->link;
    answers.link_scale_ = model::link_scale(*trees);
  }
  for (const std::string& name : names_in(list)) {
    const auto found = std::ranges::find(kNames, name);
    if (found == kNames.end()) {
      const std::vector<std::string> known(kNames.begin(), kNames.end());
      std::string list_of_all;
      for (const std::string& one : known) {
        list_of_all.append(list_of_all.empty() ? "" : ", ").append(one);
      }
      return base::fail(base::ErrorCode::kInvalidInput,
                        fmt::format("--outputs: \"{}\" does not go with {}{}", name, list_of_all,
                                    base::did_you_mean(name, known)));
    }
    const auto output = static_cast<Output>(found - kNames.begin());
    const data::Explanation& explanation = predictor.output().explanation;
    if (output == Output::kLeaf && explanation.leaves == 0) {
      return base::fail(base::ErrorCode::kInvalidInput,
                        fmt::format("--outputs: a {} model has no leaves", model::kind(model)));
    }
    if (output == Output::kContributions && explanation.margins == 0) {
      return base::fail(base::ErrorCode::kInvalidInput,
                        fmt::format("--outputs: {}", explanation.no_contributions));
    }
    const size_t count = output == Output::kNative     ? model.output.score_columns()
                         : output == Output::kRawScore ? predictor.output().margin_columns()
                         : output == Output::kLeaf     ? explanation.leaves
                                                       : explanation.contributions();
    answers.columns_.push_back({output, count});
  }
  return answers;
}

std::string NativeAnswers::header() const {
  std::string text;
  if (graph_ != nullptr) {
    for (const model::GraphOutput& output : graph_->outputs()) {
      for (size_t k = 0; k < output.columns; ++k) {
        text += text.empty() ? "" : ",";
        append_csv_field(text,
                         output.rank == 1 ? output.name : fmt::format("{}_{}", output.name, k));
      }
    }
    return text;
  }
  for (const Column& column : columns_) {
    append_header(column, text);
  }
  return text;
}

void NativeAnswers::append_header(const Column& column, std::string& text) const {
  const std::string_view name = kNames.at(static_cast<size_t>(column.output));
  const data::Explanation& explanation = predictor_->output().explanation;
  const std::vector<std::string>& features = predictor_->schema().feature_names;
  for (size_t k = 0; k < column.count; ++k) {
    text += text.empty() ? "" : ",";
    if (column.output == Output::kContributions) {
      const size_t j = k % explanation.contributions_each;
      const std::string_view feature = j < features.size() ? std::string_view(features[j]) : "bias";
      append_csv_field(
          text, explanation.margins == 1
                    ? fmt::format("{}_{}", name, feature)
                    : fmt::format("{}_{}_{}", name, k / explanation.contributions_each, feature));
    } else {
      text += column.count == 1 ? std::string(name) : fmt::format("{}_{}", name, k);
    }
  }
}

/// Native or raw values as the library computes them: no kernel gives more than float32.
std::vector<double> NativeAnswers::values_in_double(const Column& column,
                                                    data::DenseView rows) const {
  std::vector<double> values;
  std::vector<double> row(rows.columns);
  std::vector<double> sums(walk_->ensemble().outputs);
  for (size_t i = 0; i < rows.rows; ++i) {
    std::copy_n(rows.row(i), rows.columns, row.begin());
    walk_->sums(row.data(), sums.data());
    if (column.output == Output::kNative) {
      std::ranges::transform(sums, sums.begin(), [&](double raw) { return raw * link_scale_; });
      model::apply_link(link_, sums);
    }
    values.insert(values.end(), sums.begin(), sums.begin() + static_cast<ptrdiff_t>(column.count));
  }
  return values;
}

std::vector<double> NativeAnswers::values_of(const Column& column, data::DenseView rows) const {
  if (column.output == Output::kContributions) {
    std::vector<double> values(rows.rows * column.count);
    predictor_->contributions(rows, values.data());
    return values;
  }
  if (column.output == Output::kLeaf) {
    std::vector<uint32_t> leaves(rows.rows * column.count);
    predictor_->leaves(rows, leaves.data());
    return {leaves.begin(), leaves.end()};
  }
  if (in_double_) {
    return values_in_double(column, rows);
  }
  std::vector<float> values(rows.rows * column.count);
  const data::DenseSpan span{values.data(), rows.rows, column.count};
  if (column.output == Output::kNative) {
    predictor_->predict(rows, span);
  } else {
    predictor_->margins(rows, span);
  }
  return {values.begin(), values.end()};
}

void NativeAnswers::append_graph(data::DenseView rows, std::string& out) const {
  const auto append_value = [&](const model::Frame& frame, const model::GraphOutput& output,
                                size_t at, bool spoiled) {
    switch (model::storage_of(output.type)) {
      case model::Storage::kFloat:
        fmt::format_to(std::back_inserter(out), "{:.9g}",
                       spoiled ? NAN : frame.read<float>(output.id)[at]);
        return;
      case model::Storage::kDouble:
        fmt::format_to(std::back_inserter(out), "{:.17g}",
                       spoiled ? static_cast<double>(NAN) : frame.read<double>(output.id)[at]);
        return;
      case model::Storage::kInteger:
        break;
    }
    const int64_t value = frame.read<int64_t>(output.id)[at];
    if (spoiled) {
      return;  // nothing stands for no label
    }
    if (output.type == model::ElementType::kString) {
      append_csv_field(out, graph_->text(value));
    } else {
      fmt::format_to(std::back_inserter(out), "{}", value);
    }
  };
  graph_->run(rows, [&](const model::Frame& frame) {
    for (size_t i = 0; i < frame.rows; ++i) {
      const char* comma = "";
      for (const model::GraphOutput& output : graph_->outputs()) {
        for (size_t k = 0; k < output.columns; ++k) {
          out += comma;
          append_value(frame, output, i * output.columns + k, frame.spoiled[i]);
          comma = ",";
        }
      }
      out += '\n';
    }
  });
}

void NativeAnswers::append(data::DenseView rows, std::string& out) const {
  if (graph_ != nullptr) {
    append_graph(rows, out);
    return;
  }
  size_t width = 1;
  for (const Column& column : columns_) {
    width = std::max(width, column.count);
  }
  const size_t step = std::clamp<size_t>(kValuesMax / width, 1, std::max<size_t>(rows.rows, 1));
  for (size_t first = 0; first < rows.rows; first += step) {
    append_some(rows.slice(first, std::min(step, rows.rows - first)), out);
  }
}

void NativeAnswers::append_some(data::DenseView rows, std::string& out) const {
  std::vector<std::vector<double>> values;
  values.reserve(columns_.size());
  for (const Column& column : columns_) {
    values.push_back(values_of(column, rows));
  }
  for (size_t i = 0; i < rows.rows; ++i) {
    const char* comma = "";
    for (size_t c = 0; c < columns_.size(); ++c) {
      for (size_t k = 0; k < columns_[c].count; ++k) {
        fmt::format_to(std::back_inserter(out), "{}{:.{}g}", comma,
                       values[c][i * columns_[c].count + k], in_double_ ? 17 : 9);
        comma = ",";
      }
    }
    out += '\n';
  }
}

}  // namespace ringmaker::cli
