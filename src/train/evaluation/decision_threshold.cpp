#include "train/evaluation/decision_threshold.h"

#include "train/evaluation/class_counts.h"
#include "train/evaluation/f_beta.h"
#include "train/evaluation/precision.h"
#include "train/evaluation/recall.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>
#include <vector>

namespace ringmaker::train {
namespace {

/// What is to be as large as possible, and what decides between equals.
using Merit = std::pair<double, double>;

Merit merit_of(const ClassCounts& counts, double rows, const ThresholdOptions& options) {
  switch (options.criterion) {
    case Criterion::kAccuracy:
      return {rows - counts.mistaken - counts.missed, 0};
    case Criterion::kFBeta:
      return {f_beta(counts, options.beta), 0};
    case Criterion::kPrecisionAtRecall:
      // Taking every row reaches any recall, so those that miss it never win.
      return recall(counts) >= options.target_recall ? Merit{precision(counts), recall(counts)}
                                                     : Merit{-1, 0};
    case Criterion::kRecallAtPrecision:
      return precision(counts) >= options.target_precision
                 ? Merit{1 + recall(counts), precision(counts)}
                 : Merit{precision(counts), recall(counts)};
    case Criterion::kLoss:
      break;
  }
  return {};
}

/// A threshold t with low <= t < high: what lies above is taken, `low` and below is not.
float between(float low, float high, float neutral) {
  if (low <= neutral && neutral < high) {
    return neutral;
  }
  if (!std::isfinite(low)) {
    return std::nextafter(high, -std::numeric_limits<float>::max());
  }
  if (!std::isfinite(high)) {
    return low;
  }
  const float middle = low + (high - low) / 2;
  return middle < high ? middle : low;
}

class Search {
 public:
  Search(double rows, const ThresholdOptions& options)
      : rows_(rows), options_(options), threshold_(options.neutral) {}

  void offer(float threshold, const ClassCounts& counts) {
    const Merit merit = merit_of(counts, rows_, options_);
    const float distance = std::abs(threshold - options_.neutral);
    if (!any_ || merit > best_ || (merit == best_ && distance < distance_)) {
      any_ = true;
      best_ = merit;
      distance_ = distance;
      threshold_ = threshold;
    }
  }
  [[nodiscard]] float threshold() const noexcept { return threshold_; }

 private:
  double rows_;
  const ThresholdOptions& options_;
  bool any_ = false;
  Merit best_;
  float distance_ = 0;
  float threshold_;
};

}  // namespace

float choose_threshold(std::span<const float> scores, std::span<const double> labels,
                       const ThresholdOptions& options) {
  const auto positives = static_cast<double>(
      std::count_if(labels.begin(), labels.end(), [](double l) { return l > 0; }));
  const auto rows = static_cast<double>(labels.size());
  const bool numbers =
      std::none_of(scores.begin(), scores.end(), [](float s) { return std::isnan(s); });
  if (options.criterion == Criterion::kLoss || positives == 0 || positives == rows || !numbers) {
    return options.neutral;
  }
  std::vector<uint32_t> order(scores.size());
  std::iota(order.begin(), order.end(), 0U);
  std::sort(order.begin(), order.end(),
            [&](uint32_t a, uint32_t b) { return scores[a] > scores[b]; });
  Search search(rows, options);
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  ClassCounts counts{.missed = positives};
  search.offer(between(scores[order.front()], kInfinity, options.neutral), counts);
  for (size_t i = 0; i < order.size();) {
    const float score = scores[order[i]];
    for (; i < order.size() && scores[order[i]] == score; ++i) {
      const bool own = labels[order[i]] > 0;
      counts.found += own ? 1 : 0;
      counts.missed -= own ? 1 : 0;
      counts.mistaken += own ? 0 : 1;
    }
    const float below = i < order.size() ? scores[order[i]] : -kInfinity;
    search.offer(between(below, score, options.neutral), counts);
  }
  return search.threshold();
}

}  // namespace ringmaker::train
