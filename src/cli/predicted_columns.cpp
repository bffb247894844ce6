#include "cli/predicted_columns.h"

#include "base/nearest_name.h"
#include "base/text.h"
#include "cli/csv_field.h"
#include "codec/selected/output_selection.h"
#include "codec/selected/selected_encoder.h"

#include <fmt/format.h>

#include <algorithm>

namespace ringmaker::cli {
namespace {

constexpr std::string_view kScore = "score";

std::vector<std::string> columns_of(const data::OutputSchema& output) {
  std::vector<std::string> known{std::string(kScore)};
  for (size_t i = 0; i < codec::kOutputFields; ++i) {
    const auto field = static_cast<codec::OutputField>(i);
    if (codec::gives(output, field)) {
      known.emplace_back(codec::name(field));
    }
  }
  return known;
}

}  // namespace

base::Result<void> PredictedColumns::add(const std::string& wanted) {
  const std::vector<std::string> known = columns_of(*output_);
  if (std::ranges::find(known, wanted) == known.end()) {
    return base::fail(
        base::ErrorCode::kInvalidInput,
        fmt::format("--outputs: a {} model{} has no \"{}\"; it has {}{}", data::name(output_->task),
                    output_->margin        ? " of margins"
                    : output_->class_index ? " of class indices"
                                           : "",
                    wanted, fmt::join(known, ", "), base::did_you_mean(wanted, known)));
  }
  if (wanted == kScore) {
    columns_.push_back({wanted, codec::make_encoder(codec::Format::kCsv, *output_)});
    return {};
  }
  RM_ASSIGN(const codec::OutputSelection selection, codec::OutputSelection::parse(wanted));
  columns_.push_back(
      {wanted, codec::make_selected_encoder(codec::Format::kCsv, *output_, selection)});
  return {};
}

base::Result<PredictedColumns> PredictedColumns::parse(std::string_view list,
                                                       const data::OutputSchema& output) {
  PredictedColumns columns(output);
  while (!list.empty()) {
    if (const std::string wanted = base::lowercase(base::take_item(list)); !wanted.empty()) {
      RM_TRY(columns.add(wanted));
    }
  }
  if (columns.columns_.empty()) {
    RM_TRY(columns.add(std::string(kScore)));
  }
  return columns;
}

bool PredictedColumns::wants_raw() const noexcept {
  return std::ranges::any_of(columns_,
                             [](const Column& column) { return column.encoder->wants_raw(); });
}

codec::Explaining PredictedColumns::explaining() const noexcept {
  codec::Explaining all;
  for (const Column& column : columns_) {
    const codec::Explaining one = column.encoder->explaining();
    all.contributions = all.contributions || one.contributions;
    all.leaves = all.leaves || one.leaves;
  }
  return all;
}

std::string PredictedColumns::header() const {
  std::string text;
  for (const Column& column : columns_) {
    text += text.empty() ? "" : ",";
    if (column.name == kScore && output_->scores_are_list()) {
      const bool classes = output_->task == data::Task::kMulticlass;
      const char* comma = "";
      for (const std::string& name : classes ? output_->class_names : output_->value_names) {
        text += comma;
        append_csv_field(text, "score_" + name);
        comma = ",";
      }
    } else {
      text += column.name;
    }
  }
  return text;
}

void PredictedColumns::append(const float* scores, const codec::Portion& beside,
                              std::string& out) const {
  const size_t width = output_->score_columns();
  codec::Portion portion = beside;
  portion.rows_total = 1;
  for (size_t i = 0; i < columns_.size(); ++i) {
    out += i == 0 ? "" : ",";
    columns_[i].encoder->encode({scores, 1, width}, portion, out);
    out.pop_back();  // the end of the line
  }
}

}  // namespace ringmaker::cli
