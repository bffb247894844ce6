#include "model/average/average_predictor.h"

#include "base/check.h"
#include "model/tree/validate_trees.h"

#include <algorithm>
#include <array>
#include <span>

namespace ringmaker::model {
namespace {

using Scratch = std::array<float, kTreeOutputsMax>;

/// The most frequent value, the smallest of several; NaN only where all are.
float mode_of(std::span<float> values) noexcept {
  std::sort(values.begin(), values.end());
  float mode = values.front();
  size_t most = 0;
  for (size_t first = 0; first < values.size();) {
    size_t end = first;
    while (end < values.size() && values[end] == values[first]) {
      ++end;
    }
    if (end - first > most) {
      most = end - first;
      mode = values[first];
    }
    first = std::max(end, first + 1);
  }
  return mode;
}

}  // namespace

AveragePredictor::AveragePredictor(std::vector<std::unique_ptr<Predictor>> members, bool vote)
    : members_(std::move(members)), vote_(vote) {
  RM_CHECK(!members_.empty() && members_.size() <= kMembersMax);
  RM_CHECK(members_.front()->output().score_columns() <= kTreeOutputsMax);
  RM_CHECK(!vote || members_.front()->output().score_columns() == 1);
}

const data::Schema& AveragePredictor::schema() const noexcept { return members_.front()->schema(); }
const data::OutputSchema& AveragePredictor::output() const noexcept {
  return members_.front()->output();
}
size_t AveragePredictor::rows_at_once() const noexcept {
  size_t rows = 1;
  for (const auto& member : members_) {
    rows = std::max(rows, member->rows_at_once());
  }
  return rows;
}

std::string_view AveragePredictor::instruction_set() const noexcept {
  return members_.front()->instruction_set();
}

void AveragePredictor::predict_raw(data::DenseView rows, data::DenseSpan raw) const noexcept {
  if (vote_) {
    vote(rows, raw);
  } else {
    average(rows, raw);
  }
}

void AveragePredictor::average(data::DenseView rows, data::DenseSpan scores) const noexcept {
  Scratch scratch;  // NOLINT(cppcoreguidelines-pro-type-member-init)
  const size_t rows_max = scratch.size() / scores.columns;
  const auto members = static_cast<float>(members_.size());
  for (size_t first = 0; first < rows.rows; first += rows_max) {
    const size_t count = std::min(rows_max, rows.rows - first);
    const data::DenseSpan sums = scores.slice(first, count);
    const size_t values = count * scores.columns;
    std::fill_n(sums.values, values, 0.0F);
    for (const auto& member : members_) {
      member->predict(rows.slice(first, count), {scratch.data(), count, scores.columns});
      std::transform(sums.values, sums.values + values, scratch.data(), sums.values,
                     [](float sum, float score) { return sum + score; });
    }
    std::transform(sums.values, sums.values + values, sums.values,
                   [&](float sum) { return sum / members; });
  }
}

void AveragePredictor::vote(data::DenseView rows, data::DenseSpan scores) const noexcept {
  std::array<float, kMembersMax> votes;  // NOLINT(cppcoreguidelines-pro-type-member-init)
  for (size_t i = 0; i < rows.rows; ++i) {
    for (size_t m = 0; m < members_.size(); ++m) {
      members_[m]->predict(rows.slice(i, 1), {&votes.at(m), 1, 1});
    }
    *scores.row(i) = mode_of(std::span(votes).first(members_.size()));
  }
}

}  // namespace ringmaker::model
