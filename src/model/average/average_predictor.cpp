#include "model/average/average_predictor.h"

#include "base/check.h"
#include "model/tree/validate_trees.h"

#include <algorithm>
#include <array>
#include <functional>
#include <span>
#include <vector>

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

data::Explanation explanation_of(const std::vector<std::unique_ptr<Predictor>>& members) {
  data::Explanation all = members.front()->output().explanation;
  for (size_t m = 1; m < members.size(); ++m) {
    const data::Explanation& one = members[m]->output().explanation;
    all.leaves = all.leaves > 0 && one.leaves > 0 ? all.leaves + one.leaves : 0;
    if (all.margins != one.margins && all.margins > 0) {
      all.no_contributions = one.margins > 0
                                 ? "the models that answer as one have other margins each"
                                 : one.no_contributions;
      all.margins = 0;
    }
  }
  return all;
}

}  // namespace

AveragePredictor::AveragePredictor(std::vector<std::unique_ptr<Predictor>> members, bool vote)
    : members_(std::move(members)), output_(members_.front()->output()), vote_(vote) {
  RM_CHECK(!members_.empty() && members_.size() <= kMembersMax);
  output_.explanation = explanation_of(members_);
  output_.class_margins = std::ranges::all_of(
      members_, [](const auto& member) { return member->output().class_margins; });
  output_.raw_unknown = std::ranges::any_of(
      members_, [](const auto& member) { return member->output().raw_unknown; });
  output_.margins_apart = true;
  RM_CHECK(output_.score_columns() <= kTreeOutputsMax);
  RM_CHECK(output_.margin_columns() <= kTreeOutputsMax);
  RM_CHECK(!vote || members_.front()->output().score_columns() == 1);
}

const data::Schema& AveragePredictor::schema() const noexcept { return members_.front()->schema(); }

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

void AveragePredictor::margins(data::DenseView rows, data::DenseSpan margins) const noexcept {
  // NOLINTBEGIN(cppcoreguidelines-pro-type-member-init)
  Scratch scratch;
  std::array<double, kTreeOutputsMax> sums;
  // NOLINTEND(cppcoreguidelines-pro-type-member-init)
  const size_t rows_max = sums.size() / margins.columns;
  const auto members = static_cast<double>(members_.size());
  for (size_t first = 0; first < rows.rows; first += rows_max) {
    const size_t count = std::min(rows_max, rows.rows - first);
    const size_t values = count * margins.columns;
    std::fill_n(sums.begin(), values, 0.0);
    for (const auto& member : members_) {
      member->margins(rows.slice(first, count), {scratch.data(), count, margins.columns});
      for (size_t i = 0; i < values; ++i) {
        sums[i] += static_cast<double>(scratch[i]);
      }
    }
    std::transform(sums.begin(), sums.begin() + static_cast<ptrdiff_t>(values), margins.row(first),
                   [&](double sum) { return static_cast<float>(sum / members); });
  }
}

void AveragePredictor::contributions(data::DenseView rows, double* values) const noexcept {
  const size_t count = rows.rows * output_.explanation.contributions();
  std::fill_n(values, count, 0.0);
  std::vector<double> member_values(count);
  for (const auto& member : members_) {
    member->contributions(rows, member_values.data());
    std::transform(values, values + count, member_values.begin(), values, std::plus<>());
  }
  const auto members = static_cast<double>(members_.size());
  std::transform(values, values + count, values, [&](double sum) { return sum / members; });
}

void AveragePredictor::leaves(data::DenseView rows, uint32_t* names) const noexcept {
  std::vector<uint32_t> member_names;
  size_t begin = 0;
  for (const auto& member : members_) {
    const size_t leaves = member->output().explanation.leaves;
    member_names.resize(rows.rows * leaves);
    member->leaves(rows, member_names.data());
    for (size_t i = 0; i < rows.rows; ++i) {
      std::copy_n(member_names.begin() + static_cast<ptrdiff_t>(i * leaves), leaves,
                  names + i * output_.explanation.leaves + begin);
    }
    begin += leaves;
  }
}

}  // namespace ringmaker::model
