#include "train/reader/table_builder.h"

#include "base/text.h"
#include "wire/number_format.h"

#include <fmt/core.h>

#include <algorithm>
#include <cstring>
#include <utility>

namespace ringmaker::train {
namespace {

using base::ErrorCode;
using base::fail;

constexpr size_t kClassTextsMax = 100'000;

}  // namespace

TableBuilder::TableBuilder(std::span<const DataFile> files) : files_(files) {
  for (const DataFile& file : files) {
    bytes_ += file.bytes;
    table_.files.push_back(file.name);
  }
}

bool TableBuilder::add(const RowPiece& piece, const ParsedRows& rows, const CsvLayout* layout) {
  std::unique_lock lock(mutex_);
  turn_passed_.wait(lock, [&] { return error_ || turn_ == piece.index; });
  if (error_) {
    return false;
  }
  if (piece.error) {
    error_ = error_of(piece);
    turn_passed_.notify_all();
    return false;
  }
  note_lines(piece, rows, *layout);
  if (rows.stop != ParsedRows::Stop::kNone) {
    error_ = stop_error(rows, *layout);
  } else if (text_places_.size() > kClassTextsMax) {
    error_ = base::Error(ErrorCode::kInvalidInput,
                         fmt::format("{} has more than {} different texts; is it the label?",
                                     column_text(*layout, layout->label_column), kClassTextsMax));
  }
  if (error_) {
    turn_passed_.notify_all();
    return false;
  }
  if (table_.features.rows() + rows.rows() > table_.features.rows_capacity()) {
    copies_done_.wait(lock, [&] { return copies_ == 0; });
    make_room(piece, rows);
  }
  const size_t first = table_.features.rows();
  table_.features.resize(first + rows.rows());
  float* const to = table_.features.span().row(first);
  add_labels(rows);
  ++copies_;
  ++turn_;  // not before: waiting for copies lets others in
  turn_passed_.notify_all();
  lock.unlock();
  const data::DenseView view = rows.features.view();
  if (view.rows > 0) {
    std::memcpy(to, view.values, view.rows * view.columns * sizeof(float));
  }
  lock.lock();
  if (--copies_ == 0) {
    copies_done_.notify_all();
  }
  return true;
}

base::Error TableBuilder::error_of(const RowPiece& piece) const {
  if (!piece.error_of_row) {
    return *piece.error;
  }
  const size_t before = (piece.file == file_ ? line_ : 0) + piece.lines_before;
  return piece.error->within(fmt::format("{}:{}", files_[piece.file].name, before + 1));
}

void TableBuilder::give_up(const base::Error& error) {
  const std::lock_guard lock(mutex_);
  if (!error_) {
    error_ = error;
  }
  turn_passed_.notify_all();
}

void TableBuilder::note_lines(const RowPiece& piece, const ParsedRows& rows,
                              const CsvLayout& layout) {
  if (table_.layout.columns() == 0) {
    table_.layout = layout;
    table_.features = data::DenseBlock(layout.feature_names.size(), 0);
  }
  if (piece.file != file_) {
    file_ = piece.file;
    line_ = 0;
  }
  line_ += piece.lines_before;
  if (problems_.empty() && !rows.problems.empty()) {
    problem_file_ = file_;
    problem_line_ = line_ + rows.problems.first().line + 1;
  }
  problems_.append(rows.problems);
  const auto label_text = [&](size_t line, const std::string& label) {
    return fmt::format("{}:{}, {}: \"{}\"", files_[file_].name, line_ + line + 1,
                       column_text(layout, layout.label_column), label);
  };
  if (table_.first_text_label.empty() && !rows.texts.empty()) {
    table_.first_text_label = label_text(rows.first_text_line, rows.texts.front());
  }
  if (table_.first_vast_label.empty() && !rows.vast_label.empty()) {
    table_.first_vast_label = label_text(rows.vast_label_line, rows.vast_label);
  }
  if (table_.first_zero_label.empty() && !rows.zero_label.empty()) {
    table_.first_zero_label = label_text(rows.zero_label_line, rows.zero_label);
  }
  note_runs(rows);
  line_ += rows.lines;
}

void TableBuilder::note_runs(const ParsedRows& rows) {
  const size_t rows_before = table_.features.rows();
  for (const ParsedRows::Run& run : rows.runs) {
    const RowRun found{rows_before + run.row, file_, line_ + run.line + 1};
    const RowRun* const last = table_.runs.empty() ? nullptr : &table_.runs.back();
    if (last == nullptr || last->file != found.file ||
        found.line - last->line != found.row - last->row) {
      table_.runs.push_back(found);
    }
  }
}

base::Error TableBuilder::stop_error(const ParsedRows& rows, const CsvLayout& layout) const {
  const std::string& name = files_[file_].name;
  if (rows.stop == ParsedRows::Stop::kUnclosedQuote) {
    return {ErrorCode::kInvalidInput,
            fmt::format("{}:{}: a quoted field is not closed", name, line_)};
  }
  return {ErrorCode::kInvalidInput,
          fmt::format("{}:{} has {}; the rows before have {}{}", name, line_,
                      base::counted(rows.stop_fields, "column"), layout.columns(),
                      rows.stop_at_end ? ". It is the last row and no newline ends it: is the "
                                         "file cut off?"
                                       : "")};
}

/// Room for all rows to come, as far as this piece tells; pages that are never written cost
/// nothing.
void TableBuilder::make_room(const RowPiece& piece, const ParsedRows& rows) {
  const size_t held = table_.features.rows_capacity();
  const size_t needed = table_.features.rows() + rows.rows();
  size_t wanted = std::max(needed, held + held / 2);
  if (held == 0 && !piece.text.empty()) {
    const double rows_a_byte =
        static_cast<double>(rows.rows()) / static_cast<double>(piece.text.size());
    const auto expected = static_cast<size_t>(1.02 * rows_a_byte * static_cast<double>(bytes_));
    wanted = std::max(needed, expected);
    table_.labels.reserve(wanted);
  }
  table_.features.reserve(wanted);
}

void TableBuilder::add_labels(const ParsedRows& rows) {
  const size_t first = table_.labels.size();
  table_.labels.insert(table_.labels.end(), rows.labels.begin(), rows.labels.end());
  table_.weights.insert(table_.weights.end(), rows.weights.begin(), rows.weights.end());
  if (rows.label_is_text.empty()) {
    return;
  }
  std::vector<double> places;
  places.reserve(rows.texts.size());
  for (const std::string& text : rows.texts) {
    places.push_back(static_cast<double>(place_of(text)));
  }
  label_is_text_.resize(first);
  label_is_text_.insert(label_is_text_.end(), rows.label_is_text.begin(), rows.label_is_text.end());
  for (size_t i = 0; i < rows.labels.size(); ++i) {
    if (rows.label_is_text[i] != 0) {
      table_.labels[first + i] = places[static_cast<size_t>(rows.labels[i])];
    }
  }
}

size_t TableBuilder::place_of(const std::string& text) {
  const auto [place, added] = text_places_.try_emplace(text, table_.label_texts.size());
  if (added) {
    table_.label_texts.push_back(text);
  }
  return place->second;
}

/// Numbers among texts are classes as well.
void TableBuilder::name_number_labels() {
  label_is_text_.resize(table_.labels.size());
  std::string text;
  for (size_t i = 0; i < table_.labels.size(); ++i) {
    if (label_is_text_[i] == 0) {
      text.clear();
      wire::append_number(text, table_.labels[i]);
      table_.labels[i] = static_cast<double>(place_of(text));
    }
  }
}

/// Classes in the order of their names, whatever the order of the rows.
void TableBuilder::sort_label_texts() {
  std::vector<std::string> sorted = table_.label_texts;
  std::sort(sorted.begin(), sorted.end());
  std::vector<double> places;
  places.reserve(table_.label_texts.size());
  for (const std::string& text : table_.label_texts) {
    places.push_back(
        static_cast<double>(std::lower_bound(sorted.begin(), sorted.end(), text) - sorted.begin()));
  }
  for (double& label : table_.labels) {
    label = places[static_cast<size_t>(label)];
  }
  table_.label_texts = std::move(sorted);
}

base::Result<CsvTable> TableBuilder::finish(const CsvLayout* layout) {
  if (error_) {
    return fail(*error_);
  }
  if (layout == nullptr || table_.labels.empty()) {
    return fail(
        ErrorCode::kInvalidInput,
        fmt::format("{} has no rows of data",
                    files_.size() == 1 ? files_[0].name
                                       : fmt::format("none of the {} files", files_.size())));
  }
  if (!problems_.empty()) {
    return fail(describe(problems_, table_.features.view(), files_[problem_file_].name,
                         problem_line_, *layout));
  }
  if (!label_is_text_.empty()) {
    name_number_labels();
    sort_label_texts();
  }
  return std::move(table_);
}

}  // namespace ringmaker::train
