// PredictedColumns: what `serve` answers, as columns of `predict`. Names and meaning are those of
// SageMaker's selectable outputs; "score" is what `serve` answers where nobody asks for anything.
#pragma once

#include "base/result.h"
#include "codec/selected/field_reader.h"
#include "data/schema.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ringmaker::cli {

/// How numbers are written: as `serve` writes them, or with nine significant digits.
enum class NumberText : uint8_t { kShortest, kNineDigits };

/// `output` must outlive it.
class PredictedColumns {
 public:
  PredictedColumns(const data::OutputSchema& output, NumberText text)
      : output_(&output), reader_(output), text_(text) {}

  /// The names of what such a model has, beside what its own library answers.
  [[nodiscard]] static std::vector<std::string> names_of(const data::OutputSchema& output);

  /// One more, behind those that are there; `name` is one of names_of().
  void add(std::string_view name);

  /// Some column holds raw values.
  [[nodiscard]] bool wants_raw() const noexcept;
  /// The name of column `at`; of a score that is a list one a value, joined by commas.
  void append_header(size_t at, std::string& out) const;
  /// Its value of a row, a list as one quoted field that holds a JSON array; of a score that is a
  /// list the values joined by commas. A score may be nan; its label is empty then, and a number
  /// null within a list. `raw` are margins, where wants_raw().
  void append(size_t at, const float* scores, const float* raw, std::string& out) const;

 private:
  using Field = std::optional<codec::OutputField>;  // none: the score

  void append_number(float value, std::string& out) const;
  void append_list(codec::OutputField field, const codec::FieldReader::Row& row,
                   std::string& out) const;

  const data::OutputSchema* output_;
  codec::FieldReader reader_;
  NumberText text_;
  std::vector<Field> columns_;
};

}  // namespace ringmaker::cli
