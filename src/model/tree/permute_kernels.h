// PermuteKernels: rows against whole trees at once, on CPUs with AVX-512 VBMI.
//
// The ranks of a row lie in up to four registers. VPERMB brings to each node of a tree the rank of
// its column, one comparison answers 64 nodes, and eight of the words that come of it (eight trees
// of a row, or eight rows of a tree) are then walked at once, three levels a step.
#pragma once

#include "model/tree/tree_kernels.h"

#include <cstddef>
#include <cstdint>

namespace ringmaker::model {

inline constexpr size_t kPermuteColumnsMax = 256;
/// Floats of a feature's sorted cuts: every 16th of 256, then all; NaN behind the last.
inline constexpr size_t kSortedFloats = 16 + 256;
inline constexpr size_t kTreesAtOnce = 8;

/// 64 nodes, a bit each in the word of answers.
///
/// The first six levels of a tree are nine subtrees of three levels, seven bits each in level
/// order: first the one of the root, then those below it from the left; bit 63 is unused. A deep
/// tree has three blocks more: the nodes of level six, then those of level seven that are left
/// children, then those that are right ones, each at the bit of its ancestor's place in level six.
struct PermuteBlock {
  uint8_t columns[64];
  uint8_t plain_columns[64];  // where nothing is missing, and so a feature has one column
  int8_t cuts[64];            // biased
};

/// Trees as both kernels read them.
struct PermuteTrees {
  const PermuteBlock* blocks = nullptr;  // 64-byte aligned; four a tree where trees are deep
  bool deep = false;
  bool plain = false;  // which columns count
  size_t columns = 0;
  size_t tree_count = 0;
};

struct PermuteTask {
  const float* row = nullptr;
  const RankedFeature* ranked = nullptr;  // of at most 8 levels
  size_t ranked_count = 0;
  const RankVariant* variants = nullptr;
  const float* sorted = nullptr;  // ranked_count x kSortedFloats, 64-byte aligned

  /// kPermuteColumnsMax bytes, 64-byte aligned: ranks, which the kernel fills except for columns
  /// of answers.
  int8_t* ranks = nullptr;
  PermuteTrees trees;         // a multiple of kTreesAtOnce
  uint64_t* words = nullptr;  // (deep ? 4 : 1) x tree_count: a bit a node, 64-byte aligned
};

struct PermuteRowsTask {
  const int8_t* ranks = nullptr;  // kPermuteColumnsMax x kLanes, 64-byte aligned
  size_t row_count = 0;           // 1 to kLanes
  PermuteTrees trees;
  const uint32_t* outputs = nullptr;  // of each tree
};

/// `values` are values[t][64] or, where trees are deep, values[t][256].
struct PermuteKernels {
  /// leaves[t] = the value of the leaf that the row reaches in tree t.
  void (*leaves_float)(const PermuteTask& task, const float* values, float* leaves);
  void (*leaves_double)(const PermuteTask& task, const double* values, double* leaves);
  /// sums[output * kLanes + row] += leaf values; lanes from row_count on are written, too.
  void (*rows_float)(const PermuteRowsTask& task, const float* values, float* sums);
  void (*rows_double)(const PermuteRowsTask& task, const double* values, double* sums);
};

/// Null where the set or the CPU lacks what they need.
[[nodiscard]] const PermuteKernels* permute_kernels(base::InstructionSet set) noexcept;

}  // namespace ringmaker::model
