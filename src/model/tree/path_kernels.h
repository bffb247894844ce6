// PathKernels: the Shapley values of one tree for eight rows, one function an instruction set.
//
// Exact, path dependent TreeSHAP (Lundberg, Erion, Lee: "Consistent Individualized Feature
// Attribution for Tree Ensembles", 2018), without its quadratic walk over each path. On the path to
// a leaf of value v, feature j has z_j, the share of the training data that its nodes let pass, and
// o_j, 1 where the row itself passes them and 0 where not. The leaf gives feature i
//
//   v (o_i - z_i)  sum over subsets S of the path's d - 1 others of
//                    |S|! (d - 1 - |S|)! / d!  *  product of o_j in S  *  product of z_j outside S
//
// The factorials are the integral of t^|S| (1-t)^(d-1-|S|) over [0, 1], and the sum becomes one
// product under it:
//
//   v (o_i - z_i)  integral of  product over j != i of (o_j t + z_j (1-t))  dt
//
// a polynomial of degree d - 1, which Gauss-Legendre integrates exactly with (d + 1) / 2 points; no
// term is negative, so that nothing cancels. At one point t the products of all leaves share what
// their paths share: one walk through the tree carries the product G down from the root and the
// leaves' sum S, without the factors above it, up again, and at a node of feature i
//
//   phi_i += sum over points of weight * G * ((a - z_left) S_left + (1 - a - z_right) S_right)
//
// where a is 1 if the row goes left. So a tree costs nodes x points, whatever its depth. Below a
// node that asked the same feature, with o and z from there, G holds the factor P = o t + z (1-t):
// new factors replace it, and what the upper node counted for the leaves below is taken back:
//
//   o = 1:  G_left = G (a t + z_left (1-t)) / P, and
//           phi_i += G / P^2 * ((a z - z_left) S_left + ((1 - a) z - z_right) S_right)
//   o = 0:  G_left = G z_left / z, and phi_i stays as it is
//
// Rows are lanes. Every set multiplies and adds in the same order, without fusing: the same bits.
#pragma once

#include "base/cpu.h"

#include <cstddef>
#include <cstdint>

namespace ringmaker::model {

inline constexpr size_t kPathRows = 8;

/// A node of a tree with children. Rows go right where the column's value is >= cut, or is NaN and
/// `nan_right`.
struct PathNode {
  float cut = 0;
  uint32_t column = 0;
  uint32_t slot = 0;   // of its feature, in the sums
  uint32_t level = 0;  // nodes above it
  /// The level below the lowest node above that asks the same feature; 0: there is none.
  uint32_t above = 0;
  uint32_t left_value = 0;  // where a child is a leaf: its value, in PathTask::values
  uint32_t right_value = 0;
  uint32_t inverse_begin = 0;  // with `above`: of 1 / (t + z (1-t)) at each point
  double z = 1;                // the share that its feature lets pass above it
  double z_left = 0;           // the same below it
  double z_right = 0;
  double share_left = 0;  // of what comes to it
  double share_right = 0;
  bool nan_right = false;
  bool is_right = false;  // the right child of its parent
};

/// The walk as a list. A node with children below is entered towards each; the first step to touch
/// it asks its question.
enum class PathStep : uint8_t {
  kAskThenLeft,
  kAskThenRight,  // the left child is a leaf
  kRight,
  kLeave,           // no child is a leaf
  kLeaveLeftLeaf,   // the left child is
  kLeaveRightLeaf,  // the right child is
  kLeaveFork,       // both are; asks first
};

/// Which step, of which node.
struct PathMove {
  PathStep step;
  uint32_t node;
};

struct PathTask {
  const PathMove* moves = nullptr;
  size_t move_count = 0;
  const PathNode* nodes = nullptr;
  const double* values = nullptr;
  const double* inverses = nullptr;
  size_t points = 0;
  const double* t = nullptr;  // the points
  const double* u = nullptr;  // 1 - t
  const double* weight = nullptr;
  const float* columns = nullptr;  // of the eight rows; a column's begin `stride` floats apart
  size_t stride = 0;
  void* memory = nullptr;  // path_memory_bytes(), 64-byte aligned
  size_t levels = 0;       // of the tree: one more than the greatest of its nodes
  double* sums = nullptr;  // slots x kPathRows, which grow
};

/// What a walk needs.
[[nodiscard]] constexpr size_t path_memory_bytes(size_t levels, size_t points) noexcept {
  constexpr size_t kVectorBytes = kPathRows * sizeof(double);
  // Masks of nodes and of ways; products; sums of left and right children.
  return (2 * (levels + 1) + 3 * (levels + 1) * points) * kVectorBytes;
}

struct PathKernels {
  void (*explain)(const PathTask& task);
};

/// The kernels of the best set not above `set`.
[[nodiscard]] const PathKernels& path_kernels(base::InstructionSet set) noexcept;

}  // namespace ringmaker::model
