#include "codec/selected/field_reader.h"

#include "base/check.h"

#include <limits>

namespace ringmaker::codec {

FieldReader::Row FieldReader::row(const float* scores, const float* raw) const noexcept {
  return {scores, raw,
          output_.task == data::Task::kRegression ? std::nullopt : output_.predicted_class(scores)};
}

bool FieldReader::is_list(OutputField field) const noexcept {
  switch (field) {
    case OutputField::kLabels:
    case OutputField::kProbabilities:
    case OutputField::kRawScores:
      return true;
    case OutputField::kPredictedScore:
      return output_.scores_are_list();
    case OutputField::kPredictedLabel:
    case OutputField::kProbability:
    case OutputField::kRawScore:
      return false;
  }
  RM_UNREACHABLE();
}

bool FieldReader::is_class(OutputField field) noexcept {
  return field == OutputField::kLabels || field == OutputField::kPredictedLabel;
}

size_t FieldReader::elements(OutputField field) const noexcept {
  if (!is_list(field)) {
    return 1;
  }
  return output_.task == data::Task::kRegression ? output_.score_columns() : labels_.count();
}

std::optional<size_t> FieldReader::class_at(OutputField field, size_t element,
                                            const Row& row) noexcept {
  RM_DCHECK(is_class(field));
  return field == OutputField::kLabels ? std::optional(element) : row.predicted;
}

float FieldReader::number_at(OutputField field, size_t element, const Row& row) const noexcept {
  const bool binary = output_.task == data::Task::kBinary;
  // Of one number for all classes: the winner's, and none where nobody wins.
  const auto of_winner = [&](const float* values) {
    if (output_.task != data::Task::kMulticlass) {
      return *values;
    }
    return row.predicted ? values[*row.predicted] : std::numeric_limits<float>::quiet_NaN();
  };
  switch (field) {
    case OutputField::kPredictedLabel:
    case OutputField::kLabels:
      return labels_.number(class_at(field, element, row));
    case OutputField::kProbability:
      return of_winner(row.scores);
    case OutputField::kProbabilities:
      return !binary ? row.scores[element] : element == 1 ? *row.scores : 1 - *row.scores;
    case OutputField::kRawScore:
      return of_winner(row.raw);
    case OutputField::kRawScores:
      return !binary ? row.raw[element] : element == 1 ? *row.raw : -*row.raw;
    case OutputField::kPredictedScore:
      return row.scores[element];
  }
  RM_UNREACHABLE();
}

}  // namespace ringmaker::codec
