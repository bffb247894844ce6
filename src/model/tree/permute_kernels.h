// PermuteKernels: one row against whole trees at once, on CPUs with AVX-512 VBMI.
//
// The ranks of a row lie in up to four registers. VPERMB brings to each node of a tree the rank of
// its column, one comparison answers 64 nodes, and eight trees are then walked by shifts.
#pragma once

#include "model/tree/tree_kernels.h"

#include <cstddef>
#include <cstdint>

namespace ringmaker::model {

inline constexpr size_t kPermuteColumnsMax = 256;
/// Floats of a feature's sorted cuts: every 16th of 256, then all; NaN behind the last.
inline constexpr size_t kSortedFloats = 16 + 256;
/// 64 bytes of columns, then 64 of biased cuts: 64 nodes.
inline constexpr size_t kPermuteBlock = 128;
inline constexpr size_t kTreesAtOnce = 8;

struct PermuteTask {
  const float* row = nullptr;
  const RankedFeature* ranked = nullptr;  // of at most 8 levels
  size_t ranked_count = 0;
  const RankVariant* variants = nullptr;
  const float* sorted = nullptr;  // ranked_count x kSortedFloats, 64-byte aligned

  /// kPermuteColumnsMax bytes, 64-byte aligned: ranks, which the kernel fills except for columns
  /// of answers.
  int8_t* ranks = nullptr;
  size_t columns = 0;

  /// Trees in level order: one block for the first six levels; a deep tree has a second one for
  /// level six, and two more for level seven.
  const uint8_t* blocks = nullptr;
  bool deep = false;
  size_t tree_count = 0;      // a multiple of kTreesAtOnce
  uint64_t* words = nullptr;  // (deep ? 4 : 1) x tree_count: a bit a node, 64-byte aligned
};

struct PermuteKernels {
  /// leaves[t] = the value of the leaf that the row reaches in tree t, of values[t][64] or, where
  /// trees are deep, values[t][256].
  void (*leaves_float)(const PermuteTask& task, const float* values, float* leaves);
  void (*leaves_double)(const PermuteTask& task, const double* values, double* leaves);
};

/// Null where the set or the CPU lacks what they need.
[[nodiscard]] const PermuteKernels* permute_kernels(base::InstructionSet set) noexcept;

}  // namespace ringmaker::model
