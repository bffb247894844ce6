// The scores of exact_scores.h with 512-bit vectors.
#include "train/objective/exact_scores.h"

#include <cstring>

namespace ringmaker::train::exact_avx512 {

extern const ExactScores kScores;

namespace {

constexpr size_t kDoubles = 8;

// NOLINTNEXTLINE(bugprone-suspicious-include): a body compiled once for every instruction set.
#include "train/objective/exact_scores-inl.h"

}  // namespace

const ExactScores kScores = score_exactly;

}  // namespace ringmaker::train::exact_avx512
