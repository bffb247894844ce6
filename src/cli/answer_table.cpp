#include "cli/answer_table.h"

#include "base/cpu.h"
#include "base/nearest_name.h"
#include "base/text.h"
#include "serve/model_store.h"

#include <fmt/format.h>

#include <algorithm>

namespace ringmaker::cli {
namespace {

using base::ErrorCode;
using base::fail;
using base::Result;

/// Values of rows that are held together, unless one row has more.
constexpr size_t kValuesMax = 1 << 18;

std::vector<std::string> names_in(std::string_view list) {
  std::vector<std::string> names;
  while (!list.empty()) {
    if (std::string name = base::lowercase(base::take_item(list)); !name.empty()) {
      names.push_back(std::move(name));
    }
  }
  return names;
}

bool is_native(const std::string& name) { return NativeAnswers::output_named(name).has_value(); }

// NOLINTBEGIN(misc-no-recursion): members of an average are no averages.
bool stops_early(const model::Model& model) {
  const auto* trees = std::get_if<model::TreeParameters>(&model.parameters);
  const auto* average = std::get_if<model::AverageParameters>(&model.parameters);
  return (trees != nullptr && trees->rounds != trees->ensemble.rounds()) ||
         (average != nullptr && std::ranges::any_of(average->members, stops_early));
}

void use_all_rounds(model::Model& model) {
  if (auto* trees = std::get_if<model::TreeParameters>(&model.parameters)) {
    trees->rounds = trees->ensemble.rounds();
  }
  if (auto* average = std::get_if<model::AverageParameters>(&model.parameters)) {
    std::ranges::for_each(average->members, use_all_rounds);
  }
}
// NOLINTEND(misc-no-recursion)

Result<std::shared_ptr<const model::Predictor>> predictor_of(const model::Model& model) {
  RM_ASSIGN(auto predictor, serve::prepare_predictor(model, base::detect_instruction_set()));
  return std::shared_ptr<const model::Predictor>(std::move(predictor));
}

}  // namespace

Result<AnswerTable> AnswerTable::make(const model::Model& model, std::string_view list,
                                      std::string_view rounds) {
  if (!rounds.empty() && rounds != "all" && rounds != "best") {
    return fail(ErrorCode::kInvalidInput,
                fmt::format("--rounds is \"{}\", expected all or best", rounds));
  }
  std::vector<std::string> names = names_in(list);
  if (names.empty() && !list.empty()) {
    return fail(ErrorCode::kInvalidInput,
                fmt::format("--outputs is \"{}\", expected names of columns", list));
  }
  AnswerTable table(!names.empty());
  if (names.empty()) {
    names.emplace_back("score");
  }
  const bool native = std::ranges::any_of(names, is_native);
  const bool predicted = !std::ranges::all_of(names, is_native);
  std::optional<model::Model> whole;
  if (stops_early(model) && (rounds == "all" || (rounds.empty() && native))) {
    use_all_rounds(whole.emplace(model));
  }
  const model::Model& of_library = whole ? *whole : model;
  const model::Model& of_served = whole && rounds == "all" ? *whole : model;
  if (native) {
    RM_ASSIGN(table.library_, predictor_of(of_library));
  }
  if (native && &of_library == &of_served) {
    table.served_ = table.library_;
  } else if (predicted) {
    RM_ASSIGN(table.served_, predictor_of(of_served));
  }
  const data::OutputSchema& output = (native ? table.library_ : table.served_)->output();
  if (native) {
    table.native_.emplace(of_library, *table.library_);
  }
  if (predicted) {
    table.predicted_.emplace(table.served_->output(),
                             table.of_list_ ? NumberText::kNineDigits : NumberText::kShortest);
  }
  for (const std::string& name : names) {
    RM_TRY(table.add(name, output));
  }
  return table;
}

Result<void> AnswerTable::add(const std::string& name, const data::OutputSchema& output) {
  if (const auto native = NativeAnswers::output_named(name)) {
    RM_TRY(native_->add(*native));
    columns_.push_back({true, native_columns_++});
    return {};
  }
  std::vector<std::string> known = PredictedColumns::names_of(output);
  if (std::ranges::find(known, name) == known.end()) {
    const std::vector<std::string> native = NativeAnswers::names_of(output);
    known.insert(known.end(), native.begin(), native.end());
    return fail(
        ErrorCode::kInvalidInput,
        fmt::format("--outputs: a {} model{} has no \"{}\"; it has {}{}", data::name(output.task),
                    output.margin        ? " of margins"
                    : output.class_index ? " of class indices"
                                         : "",
                    name, fmt::join(known, ", "), base::did_you_mean(name, known)));
  }
  predicted_->add(name);
  columns_.push_back({false, predicted_columns_++});
  return {};
}

const data::Schema& AnswerTable::schema() const noexcept {
  return (native_ ? library_ : served_)->schema();
}

std::string AnswerTable::header() const {
  std::string text;
  for (const Column& column : columns_) {
    text += text.empty() ? "" : ",";
    column.native ? native_->append_header(column.at, text)
                  : predicted_->append_header(column.at, text);
  }
  return text;
}

void AnswerTable::append(data::DenseView rows, std::string& out) {
  const size_t width = native_ ? std::max<size_t>(native_->values(), 1) : 1;
  const size_t step = std::clamp<size_t>(kValuesMax / width, 1, std::max<size_t>(rows.rows, 1));
  for (size_t first = 0; first < rows.rows; first += step) {
    append_some(rows.slice(first, std::min(step, rows.rows - first)), out);
  }
}

void AnswerTable::append_some(data::DenseView rows, std::string& out) {
  if (native_) {
    native_->take(rows);
  }
  size_t score_columns = 0;
  size_t raw_columns = 0;
  if (predicted_) {
    score_columns = served_->output().score_columns();
    scores_.resize(rows.rows * score_columns);
    served_->predict(rows, {scores_.data(), rows.rows, score_columns});
  }
  if (predicted_ && predicted_->wants_raw()) {
    raw_columns = served_->output().margin_columns();
    raw_.resize(rows.rows * raw_columns);
    served_->margins(rows, {raw_.data(), rows.rows, raw_columns});
  }
  for (size_t i = 0; i < rows.rows; ++i) {
    const char* comma = "";
    for (const Column& column : columns_) {
      out += comma;
      column.native ? native_->append(column.at, i, out)
                    : predicted_->append(column.at, scores_.data() + i * score_columns,
                                         raw_.data() + i * raw_columns, out);
      comma = ",";
    }
    out += '\n';
  }
}

}  // namespace ringmaker::cli
