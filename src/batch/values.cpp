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

/// Before the margins in a row of wide values.
size_t scores_in(const data::OutputSchema& output) noexcept {
  return output.margins_apart ? output.score_columns() : 0;
}

void predict_wide(const model::Predictor& predictor, Values values, data::DenseView rows,
                  data::DenseSpan out) {
  const data::OutputSchema& output = predictor.output();
  const data::Explanation& explanation = output.explanation;
  const size_t margins = output.margin_columns();
  size_t first = scores_in(output);
  if (first == 0 && !explains(values)) {
    predictor.margins(rows, out);
    return;
  }
  if (first > 0) {
    write_part<float>(rows, first, out, 0, [&](data::DenseView some, float* to) {
      predictor.predict(some, {to, some.rows, output.score_columns()});
    });
  }
  write_part<float>(rows, margins, out, first, [&](data::DenseView some, float* to) {
    predictor.margins(some, {to, some.rows, margins});
  });
  first += margins;
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
  return (are_wide(values) ? scores_in(output) + output.margin_columns() : output.score_columns()) +
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
  size_t first = scores_in(output);
  take(wide, 0, first, scores_);
  take(wide, first, output.margin_columns(), margins_);
  if (first == 0) {
    scores_.columns = output.score_columns();
    scores_.values.resize(rows_ * scores_.columns);
    predictor.scores_of(margins(), {scores_.values.data(), rows_, scores_.columns});
  }
  first += output.margin_columns();
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
