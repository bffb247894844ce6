#include "train/objective/exact_scores.h"

#include <cstring>

namespace ringmaker::train {
#if defined(__x86_64__)
namespace exact_avx2 {
extern const ExactScores kScores;
}
namespace exact_avx512 {
extern const ExactScores kScores;
}
#endif

namespace {

constexpr size_t kDoubles = 2;

// NOLINTNEXTLINE(bugprone-suspicious-include): a body compiled once for every instruction set.
#include "train/objective/exact_scores-inl.h"

}  // namespace

ExactScores exact_scores(base::InstructionSet set) noexcept {
#if defined(__x86_64__)
  if (set == base::InstructionSet::kAvx512) {
    return exact_avx512::kScores;
  }
  if (set == base::InstructionSet::kAvx2) {
    return exact_avx2::kScores;
  }
#endif
  static_cast<void>(set);
  return score_exactly;
}

}  // namespace ringmaker::train
