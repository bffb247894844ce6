// FieldReader: what a row of scores, and the raw values beside it, say about each OutputField. The
// one place that knows; encoders only know how numbers, classes and lists of them are written.
#pragma once

#include "codec/class_labels.h"
#include "codec/selected/output_selection.h"
#include "data/schema.h"

#include <cstddef>
#include <optional>

namespace ringmaker::codec {

/// Immutable. `output` must outlive it.
class FieldReader {
 public:
  /// Views of one row.
  struct Row {
    const float* scores = nullptr;
    const float* raw = nullptr;            // only for the raw fields
    const float* contributions = nullptr;  // only for those
    const float* leaves = nullptr;         // likewise
    std::optional<size_t> predicted;
  };

  explicit FieldReader(const data::OutputSchema& output) : output_(output), labels_(output) {}

  [[nodiscard]] Row row(const float* scores, const float* raw) const noexcept;

  /// The field is a list, even where that has one element.
  [[nodiscard]] bool is_list(OutputField field) const noexcept;
  /// Its elements are classes, else numbers.
  [[nodiscard]] static bool is_class(OutputField field) noexcept;
  [[nodiscard]] size_t elements(OutputField field) const noexcept;
  /// How many lists of one length they are: 1, but for contributions to several margins.
  [[nodiscard]] size_t lists(OutputField field) const noexcept;

  /// Of a field of classes; none where the scores speak for none.
  [[nodiscard]] static std::optional<size_t> class_at(OutputField field, size_t element,
                                                      const Row& row) noexcept;
  /// Of any field; a class is its label's number.
  [[nodiscard]] float number_at(OutputField field, size_t element, const Row& row) const noexcept;

  /// Of a row of raw values.
  [[nodiscard]] size_t raw_columns() const noexcept { return output_.margin_columns(); }
  [[nodiscard]] const ClassLabels& labels() const noexcept { return labels_; }

 private:
  const data::OutputSchema& output_;
  ClassLabels labels_;
};

}  // namespace ringmaker::codec
