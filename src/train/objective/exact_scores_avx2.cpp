// The scores of exact_scores.h with 256-bit vectors.
#include "train/objective/exact_scores.h"

#include <cstring>

namespace ringmaker::train::exact_avx2 {

extern const ExactScores kScores;

namespace {

constexpr size_t kDoubles = 4;

// NOLINTNEXTLINE(bugprone-suspicious-include): a body compiled once for every instruction set.
#include "train/objective/exact_scores-inl.h"

}  // namespace

const ExactScores kScores = score_exactly;

}  // namespace ringmaker::train::exact_avx2
