#include "batch/values.h"

#include "base/check.h"

#include <algorithm>

namespace ringmaker::batch {
namespace {

/// What contributions of some rows take as doubles, at most, unless one row takes more.
constexpr size_t kDoublesMax = 1 << 16;

/// Writes `made(rows, values)` of a few rows at a time to their columns from `first` on.
template <class Value, class Make>
void write_part(data::DenseView rows, size_t columns, data::DenseSpan out, size_t first,
                const Make& make) {
  // Rows are explained eight at a time; 64 share what is done once for all.
  const size_t step = std::clamp<size_t>(kDoublesMax / columns, 1, 64);
  std::vector<Value> values(std::min(step, rows.rows) * columns);
  for (size_t begin = 0; begin < rows.rows; begin += step) {
    const size_t count = std::min(step, rows.rows - begin);
    make(rows.slice(begin, count), values.data());
    for (size_t i = 0; i < count; ++i) {
      std::transform(values.begin() + static_cast<ptrdiff_t>(i * columns),
                     values.begin() + static_cast<ptrdiff_t>((i + 1) * columns),
                     out.row(begin + i) + first,
                     [](Value value) { return static_cast<float>(value); });
    }
  }
}

void predict_wide(const model::Predictor& predictor, Values values, data::DenseView rows,
                  data::DenseSpan out) {
  const data::Explanation& explanation = predictor.output().explanation;
  size_t first = predictor.output().margin_columns();
  if (!explains(values)) {
    predictor.margins(rows, out);
    return;
  }
  std::vector<float> margins(rows.rows * first);
  predictor.margins(rows, {margins.data(), rows.rows, first});
  for (size_t i = 0; i < rows.rows; ++i) {
    std::copy_n(margins.begin() + static_cast<ptrdiff_t>(i * first), first, out.row(i));
  }
  if (has_contributions(values)) {
    write_part<double>(
        rows, explanation.contributions(), out, first,
        [&](data::DenseView some, double* to) { predictor.contributions(some, to); });
    first += explanation.contributions();
  }
  if (has_leaves(values)) {
    write_part<uint32_t>(rows, explanation.leaves, out, first,
                         [&](data::DenseView some, uint32_t* to) { predictor.leaves(some, to); });
  }
}

}  // namespace

size_t columns_of(const model::Predictor& predictor, Values values) noexcept {
  const data::OutputSchema& output = predictor.output();
  return (are_wide(values) ? output.margin_columns() : output.score_columns()) +
         (has_contributions(values) ? output.explanation.contributions() : 0) +
         (has_leaves(values) ? output.explanation.leaves : 0);
}

void predict(const model::Predictor& predictor, Values values, data::DenseView rows,
             data::DenseSpan out) noexcept {
  RM_DCHECK(out.columns == columns_of(predictor, values));
  if (values == Values::kScores) {
    predictor.predict(rows, out);
  } else if (values == Values::kRaw) {
    predictor.predict_raw(rows, out);
  } else {
    predict_wide(predictor, values, rows, out);
  }
}

void ValueParts::split(const model::Predictor& predictor, Values values, data::DenseView wide) {
  const data::OutputSchema& output = predictor.output();
  rows_ = wide.rows;
  size_t first = output.margin_columns();
  take(wide, 0, first, margins_);
  if (has_contributions(values)) {
    take(wide, first, output.explanation.contributions(), contributions_);
    first += output.explanation.contributions();
  }
  if (has_leaves(values)) {
    take(wide, first, output.explanation.leaves, leaves_);
  }
}

void ValueParts::take(data::DenseView wide, size_t first, size_t columns, Part& part) {
  part.columns = columns;
  part.values.resize(wide.rows * columns);
  for (size_t i = 0; i < wide.rows; ++i) {
    std::copy_n(wide.row(i) + first, columns,
                part.values.begin() + static_cast<ptrdiff_t>(i * columns));
  }
}

}  // namespace ringmaker::batch
