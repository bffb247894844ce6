#include "data/narrowing.h"

#include <fmt/core.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

namespace ringmaker::data {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();
/// Marked bits are at most this share of all, so that few floats are suspect for nothing.
constexpr size_t kBitsOfACut = 64;

float above(float value) noexcept { return std::nextafter(value, kInfinity); }
float below(float value) noexcept { return std::nextafter(value, -kInfinity); }

/// Rounded to nearest; infinite beyond the largest float32.
float rounded(double value) noexcept { return static_cast<float>(value); }

float rounded_up(double value) noexcept {
  const float nearest = rounded(value);
  return static_cast<double>(nearest) < value ? above(nearest) : nearest;
}

float towards_zero(double value) noexcept {
  const float nearest = rounded(value);
  const bool farther = std::fabs(static_cast<double>(nearest)) > std::fabs(value);
  return !farther ? nearest : value > 0 ? below(nearest) : above(nearest);
}

}  // namespace

base::Result<Narrowing> Narrowing::make(const std::vector<Questions>& questions,
                                        double zero_reach) {
  Narrowing narrowing;
  narrowing.zero_reach_ = zero_reach;
  for (const Questions& feature : questions) {
    RM_TRY(narrowing.add_feature(feature));
  }
  const size_t bits = std::bit_ceil(std::max<size_t>(64, kBitsOfACut * narrowing.cuts_.size()));
  narrowing.marked_.assign(bits / 64, 0);
  narrowing.shift_ = 64 - static_cast<uint32_t>(std::countr_zero(bits));
  for (size_t j = 0; j < narrowing.features_.size(); ++j) {
    const size_t begin = narrowing.features_[j].begin;
    for (size_t i = begin; i < narrowing.features_[j].end; ++i) {
      // From what the cut rounds to up to the float it was given: one float, where it is alone. In
      // a crowd the cut before has marked the first of them.
      const float last = std::max(narrowing.floats_[i], rounded(narrowing.cuts_[i]));
      float value = rounded(narrowing.cuts_[i]);
      if (i > begin) {
        value = std::max(value, narrowing.floats_[i - 1]);
      }
      narrowing.mark(j, value);
      while (value < last) {
        value = above(value);
        narrowing.mark(j, value);
      }
    }
  }
  return narrowing;
}

base::Result<void> Narrowing::add_feature(const Questions& questions) {
  std::vector<double> cuts = questions.cuts;
  if (zero_reach_ > 0 && !cuts.empty()) {
    // What lies outside of the reach must not be rounded into it.
    cuts.insert(cuts.end(),
                {-zero_reach_, std::nextafter(zero_reach_, std::numeric_limits<double>::max())});
  }
  std::ranges::sort(cuts);
  cuts.erase(std::ranges::unique(cuts).begin(), cuts.end());
  Feature feature{.begin = static_cast<uint32_t>(cuts_.size()), .truncated = questions.truncated};
  float previous = -kInfinity;
  for (size_t i = 0; i < cuts.size(); ++i) {
    if (i > 0 && previous == kInfinity) {
      return base::fail(
          base::ErrorCode::kInvalidInput,
          fmt::format("feature {} has several thresholds beyond the largest float32, such as {}",
                      features_.size(), cuts[i]));
    }
    const float least = rounded_up(cuts[i]);
    previous = i == 0 ? least : std::max(least, above(previous));
    cuts_.push_back(cuts[i]);
    floats_.push_back(previous);
  }
  feature.end = static_cast<uint32_t>(cuts_.size());
  features_.push_back(feature);
  return {};
}

size_t Narrowing::slot(size_t feature, float nearest) const noexcept {
  // -0 and 0 are one value.
  const uint64_t bits = std::bit_cast<uint32_t>(nearest + 0.0F);
  return (bits ^ static_cast<uint64_t>(feature) << 32) * 0x9E3779B97F4A7C15U >> shift_;
}

void Narrowing::mark(size_t feature, float nearest) noexcept {
  const size_t bit = slot(feature, nearest);
  marked_[bit / 64] |= uint64_t{1} << (bit % 64);
}

bool Narrowing::suspect(size_t feature, float nearest) const noexcept {
  const size_t bit = slot(feature, nearest);
  const bool marked = (marked_[bit / 64] >> (bit % 64) & 1U) != 0;
  const float size = std::fabs(nearest);
  const bool near_zero = static_cast<double>(size) <= zero_reach_ && size > 0;
  // Rounding may have lifted 0.999... to the next code.
  const bool lifted = features_[feature].truncated && std::trunc(size) == size;
  return marked || near_zero || lifted;
}

float Narrowing::narrow(size_t feature, double value) const noexcept {
  if (std::isnan(value)) {
    return std::numeric_limits<float>::quiet_NaN();
  }
  if (zero_reach_ > 0 && std::fabs(value) <= zero_reach_) {
    value = 0;
  }
  const Feature& questions = features_[feature];
  const float plain = questions.truncated ? towards_zero(value) : rounded(value);
  const auto first = cuts_.begin() + questions.begin;
  const auto last = cuts_.begin() + questions.end;
  const auto next = static_cast<size_t>(std::upper_bound(first, last, value) - cuts_.begin());
  float result = plain;
  if (next > questions.begin) {
    result = std::max(result, floats_[next - 1]);
  }
  if (next < questions.end) {
    result = std::min(result, below(floats_[next]));
  }
  return result;
}

float Narrowing::narrowed_cut(size_t feature, double cut) const noexcept {
  const Feature& questions = features_[feature];
  const auto found =
      std::lower_bound(cuts_.begin() + questions.begin, cuts_.begin() + questions.end, cut);
  return floats_[static_cast<size_t>(found - cuts_.begin())];
}

}  // namespace ringmaker::data
