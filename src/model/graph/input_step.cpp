#include "model/graph/input_step.h"

#include <algorithm>
#include <cmath>

namespace ringmaker::model {
namespace {

int64_t integer_of(float x, const std::vector<std::pair<float, int64_t>>& wide) {
  const auto found = std::ranges::lower_bound(wide, x, {}, &std::pair<float, int64_t>::first);
  if (found != wide.end() && found->first == x) {
    return found->second;
  }
  constexpr float kLimit = 9.2233715e18F;
  return std::isnan(x) ? 0 : static_cast<int64_t>(std::clamp(x, -kLimit, kLimit));
}

}  // namespace

template <class T, class Convert>
void InputStep::fill(const Frame& frame, T* out, Convert&& convert) const {
  for (size_t i = 0; i < frame.rows; ++i) {
    const float* row = frame.inputs + i * frame.input_columns + first_;
    for (size_t k = 0; k < count_; ++k) {
      *out++ = convert(row[k], k);
    }
  }
}

void InputStep::operator()(const Frame& frame) const {
  switch (storage_of(type_)) {
    case Storage::kFloat:
      return fill(frame, frame.write<float>(id_), [](float x, size_t) { return x; });
    case Storage::kDouble:
      return fill(frame, frame.write<double>(id_),
                  [](float x, size_t) { return static_cast<double>(x); });
    case Storage::kInteger:
      break;
  }
  if (type_ == ElementType::kString) {
    fill(frame, frame.write<int64_t>(id_), [&](float x, size_t k) {
      const auto& numbers = *text_numbers_[k];
      return x >= 0 && x < static_cast<float>(numbers.size()) ? numbers[static_cast<size_t>(x)]
                                                              : int64_t{-1};
    });
    return;
  }
  fill(frame, frame.write<int64_t>(id_),
       [&](float x, size_t k) { return integer_of(x, *wide_integers_[k]); });
  for (size_t i = 0; i < frame.rows; ++i) {
    const float* row = frame.inputs + i * frame.input_columns + first_;
    // An integer is never missing: where it is, there is no answer.
    frame.spoiled[i] |= std::any_of(row, row + count_, [](float x) { return std::isnan(x); });
  }
}

}  // namespace ringmaker::model
