#include "model/tree/split.h"

#include "base/check.h"

#include <cmath>

namespace ringmaker::model {
namespace {

bool is_member(const TreeNode& node, std::span<const uint32_t> category_words, double x) noexcept {
  const uint32_t words = node.category_end - node.category_begin;
  // Truncation towards zero takes everything above -1 to code 0, which an empty set does not have.
  if (words == 0 || !(x > -1.0 && x < 32.0 * words) || (node.sign_first && x < 0)) {
    return false;
  }
  const auto code = static_cast<uint32_t>(static_cast<int64_t>(x));
  return ((category_words[node.category_begin + code / 32] >> (code % 32)) & 1U) != 0;
}

}  // namespace

bool is_missing(Missing missing, double x) noexcept {
  switch (missing) {
    case Missing::kNan:
      return std::isnan(x);
    case Missing::kNanOrZero:
      return std::isnan(x) || std::fabs(x) <= kZeroReach;
    case Missing::kNone:
      return false;
  }
  RM_UNREACHABLE();
}

bool goes_left(const TreeNode& node, std::span<const uint32_t> category_words, double x) noexcept {
  if (is_missing(node.missing, x)) {
    return node.missing_left;
  }
  // NaN comes this far only where it is read as 0.
  const double value = std::isnan(x) ? 0.0 : x;
  switch (node.decision) {
    case Decision::kLess:
      return value < node.threshold;
    case Decision::kLessEqual:
      return value <= node.threshold;
    case Decision::kEqual:
      return value == node.threshold;
    case Decision::kCategories:
      return is_member(node, category_words, value) == node.members_left;
  }
  RM_UNREACHABLE();
}

}  // namespace ringmaker::model
