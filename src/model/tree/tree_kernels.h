// TreeKernels: ranks and masks, one set of functions an instruction set.
//
// rank   a value is replaced by how many of its feature's cuts are <= it: exact, and a byte.
// masks  many rows at once: one byte comparison answers a node for all of them, and the numbers of
//        the leaves they reach are folded from the leaves of a tree upwards to its root.
//
// Leaves are added in the order of the trees: the same bits from every set.
#pragma once

#include "base/cpu.h"

#include <cstddef>
#include <cstdint>

namespace ringmaker::model {

/// Rows of one slice; a column of ranks holds this many bytes, whatever is used of them.
inline constexpr size_t kLanes = 64;
/// Ranks are stored minus 128, because most instruction sets compare bytes as signed.
inline constexpr int kRankBias = 128;
/// Cuts that a byte column can tell apart; where a feature has more, it has several columns.
inline constexpr uint32_t kCutsOfAColumn = 255;

/// A feature and its cuts as a perfect search tree: entry 1 is the root, 2i and 2i + 1 are the
/// children of i. It has 2^levels entries, of which those beyond the cuts are NaN. After `levels`
/// steps, to the right where x >= entry, the rank is i - 2^levels.
struct RankedFeature {
  uint32_t feature = 0;
  uint32_t levels = 0;       // at least 4
  uint32_t table_begin = 0;  // a multiple of 16
  uint32_t variant_begin = 0;
  uint32_t variant_end = 0;
  bool zero_missing = false;  // a variant of it asks for values near 0
};

/// How a byte column holds the ranks of its feature.
struct RankVariant {
  uint32_t column = 0;
  /// Subtracted before the rank is limited to [0, 255].
  uint32_t first_cut = 0;
  /// Stored, biased, where the value is missing.
  int8_t missing_rank = -kRankBias;
  /// Values near 0 are missing, too.
  bool zero_missing = false;
};

struct RankTask {
  const float* rows = nullptr;  // row_count x features
  size_t row_count = 0;         // 1 to kLanes
  size_t features = 0;
  const RankedFeature* ranked = nullptr;
  size_t ranked_count = 0;
  const RankVariant* variants = nullptr;
  const float* tables = nullptr;  // 64-byte aligned
};

/// A node of a perfect tree. Children before their parent: left subtree, right subtree, node.
struct PerfectNode {
  uint32_t column_begin = 0;  // of its column in the ranks, in bytes
  uint32_t cuts = 0;          // the biased number of its cut, in each of the four bytes
};

/// A node of a tree of any shape, children before their parent. left and right are slots: vectors
/// of leaf numbers, first one that is constant for each leaf, then one for each node.
struct SlotNode {
  uint32_t column_begin = 0;
  uint32_t cuts = 0;
  uint16_t left = 0;
  uint16_t right = 0;
};

inline constexpr uint32_t kPerfectDepthMax = 8;
inline constexpr uint32_t kAnyShape = kPerfectDepthMax + 1;

struct MaskTree {
  uint32_t node_begin = 0;    // in the perfect nodes or the slot nodes
  uint32_t node_count = 0;    // slot nodes
  uint32_t shape = 0;         // the depth of a perfect tree, or kAnyShape
  uint32_t value_begin = 0;   // a multiple of 16
  uint32_t value_stride = 0;  // its leaves, up to a power of two from 16 on: a table a leaf value
  uint32_t output = 0;
};

struct MaskTask {
  const int8_t* ranks = nullptr;  // columns x kLanes, 64-byte aligned
  size_t row_count = 0;           // 1 to kLanes
  const MaskTree* trees = nullptr;
  size_t tree_count = 0;
  const PerfectNode* perfect_nodes = nullptr;
  const SlotNode* slot_nodes = nullptr;
  size_t leaf_width = 1;
  int8_t* slots = nullptr;  // kLanes bytes each; the kernel fills in those of the leaves
  size_t leaf_slots = 0;
};

struct TreeKernels {
  /// Fills the columns of `ranks` (columns x kLanes); lanes from row_count on hold anything.
  void (*rank)(const RankTask& task, int8_t* ranks);
  /// sums[output * kLanes + row] += leaf values; lanes from row_count on are written, too.
  void (*masks_float)(const MaskTask& task, const float* values, float* sums);
  void (*masks_double)(const MaskTask& task, const double* values, double* sums);
  /// From how many rows on masks are faster than walks, roughly, when a tree has 63 nodes.
  size_t mask_rows_min;
};

/// The kernels of the best set not above `set`.
[[nodiscard]] const TreeKernels& tree_kernels(base::InstructionSet set) noexcept;

}  // namespace ringmaker::model
