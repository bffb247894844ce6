#include "codec/selected/field_reader.h"

#include "base/check.h"

#include <limits>

namespace ringmaker::codec {

FieldReader::Row FieldReader::row(const float* scores, const float* raw) const noexcept {
  return {scores, raw, nullptr, nullptr,
          output_.task == data::Task::kRegression ? std::nullopt : output_.predicted_class(scores)};
}

bool FieldReader::is_list(OutputField field) const noexcept {
  switch (field) {
    case OutputField::kLabels:
    case OutputField::kProbabilities:
    case OutputField::kRawScores:
    case OutputField::kContributions:
    case OutputField::kLeaf:
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
  if (field == OutputField::kContributions) {
    return output_.explanation.contributions();
  }
  if (field == OutputField::kLeaf) {
    return output_.explanation.leaves;
  }
  return output_.task == data::Task::kRegression ? output_.score_columns() : labels_.count();
}

size_t FieldReader::lists(OutputField field) const noexcept {
  return field == OutputField::kContributions ? output_.explanation.margins : 1;
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
    case OutputField::kContributions:
      return row.contributions[element];
    case OutputField::kLeaf:
      return row.leaves[element];
  }
  RM_UNREACHABLE();
}

}  // namespace ringmaker::codec
