#include "train/reader/csv_table.h"

#include "base/nearest_name.h"
#include "codec/csv/csv_dialect.h"
#include "codec/csv/csv_lexer.h"
#include "codec/csv/field_converter.h"
#include "train/reader/text_blocks.h"
#include "wire/number_format.h"
#include "wire/number_parse.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <limits>
#include <unordered_map>

namespace ringmaker::train {
namespace {

std::optional<size_t> position(std::string_view text) {
  size_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) {
    return std::nullopt;
  }
  return value;
}

std::string shortened(std::string_view text) {
  constexpr size_t kShown = 40;
  std::string shown;
  for (const char c : text.substr(0, kShown)) {
    shown += static_cast<unsigned char>(c) < 0x20 ? '?' : c;
  }
  return text.size() > kShown ? shown + "..." : shown;
}

/// Neighbouring columns that are converted by one call.
struct Run {
  size_t first = 0;  // column
  size_t count = 0;
  size_t feature = 0;  // where they go
};

class TableReader {
 public:
  explicit TableReader(const CsvTableOptions& options)
      : options_(options), converter_(options.missing_markers) {}

  base::Result<void> read_file(const std::string& path) {
    file_ = std::filesystem::path(path).filename().string();
    line_ = 0;
    first_row_ = true;
    RM_ASSIGN(TextBlocks blocks, TextBlocks::open(path));
    RM_TRY(blocks.read_more());
    if (blocks.text().starts_with(codec::kByteOrderMark)) {
      blocks.consume(codec::kByteOrderMark.size());
    }
    const std::string_view start = blocks.text();
    lexer_.set_separator(codec::sniff_separator(start.substr(0, start.find('\n'))));
    for (;;) {
      lexer_.index(blocks.text(), blocks.at_end());
      for (size_t i = 0; i < lexer_.rows(); ++i) {
        RM_TRY(take_row(blocks.text().data(), i));
      }
      if (lexer_.unclosed_quote()) {
        return base::fail(base::ErrorCode::kInvalidInput,
                          fmt::format("{}:{}: a quoted field is not closed", file_, line_));
      }
      const bool none = lexer_.rows() == 0;
      blocks.consume(lexer_.consumed());
      if (none) {
        if (blocks.at_end()) {
          return {};
        }
        RM_TRY(blocks.read_more());
      }
    }
  }

  base::Result<CsvTable> finish() {
    if (bad_cells_ > 0) {
      return base::fail(
          base::ErrorCode::kInvalidInput,
          fmt::format("{}{}", bad_cell_,
                      bad_cells_ > 1 ? fmt::format(" There are {} such cells.", bad_cells_) : ""));
    }
    if (table_.labels.empty()) {
      return base::fail(base::ErrorCode::kInvalidInput, "the training data has no rows");
    }
    if (!texts_.empty()) {
      finish_texts();
    }
    return std::move(table_);
  }

 private:
  base::Result<void> take_row(const char* text, size_t i) {
    ++line_;
    const codec::CsvRow row = lexer_.row(i);
    if (codec::is_blank_line(lexer_.row_text(i))) {
      return {};
    }
    if (first_row_) {
      first_row_ = false;
      RM_ASSIGN(const bool header, take_first_row(i, row));
      if (header) {
        return {};
      }
    }
    if (row.fields != table_.columns) {
      return base::fail(base::ErrorCode::kInvalidInput,
                        fmt::format("{}:{} has {} columns; the rows before have {}", file_, line_,
                                    row.fields, table_.columns));
    }
    RM_TRY(take_label(lexer_.field(i, table_.label_column)));
    take_features(text, i, row);
    return {};
  }

  /// The first row of a file: true when it is a header.
  base::Result<bool> take_first_row(size_t i, const codec::CsvRow& row) {
    if (table_.columns != 0) {
      return is_header_again(i, row);
    }
    if (options_.columns_expected && *options_.columns_expected != row.fields) {
      return base::fail(base::ErrorCode::kInvalidInput,
                        fmt::format("{} has {} columns; the training data has {}", file_,
                                    row.fields, *options_.columns_expected));
    }
    table_.columns = row.fields;
    table_.header = looks_like_header(i, row);
    for (size_t k = 0; k < row.fields; ++k) {
      std::string scratch;
      names_.push_back(table_.header
                           ? std::string(codec::field_text(lexer_.field(i, k), scratch).text)
                           : fmt::format("column_{}", k));
    }
    RM_TRY(choose_columns());
    return table_.header;
  }

  base::Result<bool> is_header_again(size_t i, const codec::CsvRow& row) {
    if (!table_.header || row.fields != names_.size()) {
      return false;
    }
    std::string scratch;
    for (size_t k = 0; k < row.fields; ++k) {
      if (codec::field_text(lexer_.field(i, k), scratch).text != names_[k]) {
        return false;
      }
    }
    return true;
  }

  /// Text where numbers would be, in every column but, perhaps, one (a text label).
  bool looks_like_header(size_t i, const codec::CsvRow& row) {
    if (!options_.label.empty() && !position(options_.label)) {
      return true;  // a label that is told by name needs one
    }
    size_t texts = 0;
    for (size_t k = 0; k < row.fields; ++k) {
      float value = 0;
      texts += converter_.convert_one(lexer_.field(i, k), value) != codec::DecodeErrorCode::kNone
                   ? 1
                   : 0;
    }
    return texts > 1 || (texts == 1 && row.fields == 1);
  }

  base::Result<size_t> find_column(const std::string& wanted, std::string_view what) {
    for (size_t k = 0; k < names_.size(); ++k) {
      if (table_.header && names_[k] == wanted) {
        return k;
      }
    }
    if (const auto at = position(wanted); at && *at < names_.size()) {
      return *at;
    }
    return base::fail(base::ErrorCode::kInvalidInput,
                      fmt::format("{} has no {} column \"{}\"{}; it has {} columns{}", file_, what,
                                  wanted, table_.header ? base::did_you_mean(wanted, names_) : "",
                                  names_.size(), table_.header ? "" : " and no header"));
  }

  base::Result<void> choose_columns() {
    table_.label_column = 0;
    if (!options_.label.empty()) {
      RM_ASSIGN(table_.label_column, find_column(options_.label, "label"));
    }
    std::vector<bool> kept(names_.size(), true);
    kept[table_.label_column] = false;
    for (const std::string& dropped : options_.drop_columns) {
      RM_ASSIGN(const size_t column, find_column(dropped, "dropped"));
      kept[column] = false;
    }
    for (size_t k = 0; k < kept.size(); ++k) {
      if (!kept[k]) {
        continue;
      }
      if (runs_.empty() || runs_.back().first + runs_.back().count != k) {
        runs_.push_back({k, 0, table_.feature_names.size()});
      }
      ++runs_.back().count;
      table_.feature_names.push_back(
          table_.header ? names_[k] : fmt::format("feature_{}", table_.feature_names.size()));
    }
    if (table_.feature_names.empty()) {
      return base::fail(base::ErrorCode::kInvalidInput,
                        fmt::format("{} has no column besides the label", file_));
    }
    table_.features = data::DenseBlock(table_.feature_names.size(), 1024);
    return {};
  }

  base::Result<void> take_label(std::string_view raw) {
    const codec::CsvText field = codec::field_text(raw, scratch_);
    if (field.text.empty() || (!field.quoted && converter_.is_missing(field.text))) {
      return base::fail(base::ErrorCode::kInvalidInput,
                        fmt::format("{}:{}, column {} \"{}\": the label is missing", file_, line_,
                                    table_.label_column + 1, names_[table_.label_column]));
    }
    const auto number = wire::parse_double(field.text);
    if (number.ok() && std::isfinite(number.value)) {
      if (!texts_.empty() || !text_ids_.empty()) {
        add_text_label(field.text);
      } else {
        table_.labels.push_back(number.value);
      }
      return {};
    }
    if (text_ids_.empty()) {
      turn_numbers_to_texts();
    }
    add_text_label(field.text);
    constexpr size_t kClassesMax = 100'000;
    if (texts_.size() > kClassesMax) {
      return base::fail(
          base::ErrorCode::kInvalidInput,
          fmt::format("column {} \"{}\" has more than {} different texts; is it the "
                      "label?",
                      table_.label_column + 1, names_[table_.label_column], kClassesMax));
    }
    return {};
  }

  void add_text_label(std::string_view text) {
    const auto [entry, added] = text_ids_.try_emplace(std::string(text), texts_.size());
    if (added) {
      texts_.emplace_back(text);
    }
    table_.labels.push_back(static_cast<double>(entry->second));
  }

  /// A text label has come: those before it were texts that happened to be numbers.
  void turn_numbers_to_texts() {
    const std::vector<double> numbers = std::move(table_.labels);
    table_.labels.clear();
    for (const double number : numbers) {
      std::string text;
      wire::append_number(text, number);
      add_text_label(text);
    }
  }

  /// Classes in the order of their names, whatever the order of the rows.
  void finish_texts() {
    std::vector<std::string> sorted = texts_;
    std::sort(sorted.begin(), sorted.end());
    std::vector<double> place(texts_.size());
    for (size_t i = 0; i < texts_.size(); ++i) {
      place[i] = static_cast<double>(std::lower_bound(sorted.begin(), sorted.end(), texts_[i]) -
                                     sorted.begin());
    }
    for (double& label : table_.labels) {
      label = place[static_cast<size_t>(label)];
    }
    table_.label_texts = std::move(sorted);
  }

  void take_features(const char* text, size_t i, const codec::CsvRow& row) {
    if (table_.features.full()) {
      table_.features.reserve(table_.features.rows_capacity() * 2);
    }
    float* out = table_.features.next_row();
    for (const Run& run : runs_) {
      const uint32_t* marks = row.marks + run.first;
      size_t done = converter_.convert(text, marks, run.count, out + run.feature);
      while (done < run.count) {
        note_bad_cell(lexer_.field(i, run.first + done), run.first + done);
        out[run.feature + done] = std::numeric_limits<float>::quiet_NaN();
        ++done;
        done += converter_.convert(text, marks + done, run.count - done, out + run.feature + done);
      }
    }
    table_.features.commit_row();
  }

  void note_bad_cell(std::string_view raw, size_t column) {
    if (++bad_cells_ == 1) {
      const std::string value = shortened(codec::field_text(raw, scratch_).text);
      bad_cell_ = fmt::format(
          "{}:{}, column {} \"{}\": \"{}\" is not a number. Add na_values={}, or drop the column "
          "with drop_columns={}.",
          file_, line_, column + 1, names_[column], value, value, names_[column]);
    }
  }

  const CsvTableOptions& options_;
  codec::CsvLexer lexer_;
  codec::FieldConverter converter_;
  CsvTable table_;
  std::vector<std::string> names_;
  std::vector<Run> runs_;
  std::unordered_map<std::string, size_t> text_ids_;
  std::vector<std::string> texts_;
  std::string scratch_;
  std::string file_;
  size_t line_ = 0;
  bool first_row_ = true;
  std::string bad_cell_;
  size_t bad_cells_ = 0;
};

}  // namespace

base::Result<CsvTable> read_csv_table(const std::vector<std::string>& files,
                                      const CsvTableOptions& options) {
  TableReader reader(options);
  for (const std::string& file : files) {
    RM_TRY(reader.read_file(file));
  }
  return reader.finish();
}

}  // namespace ringmaker::train
