// XgboostTree: one tree as XGBoost stores it, and its translation.
//
// XGBoost numbers leaves and inner nodes together; a node whose left child is -1 is a leaf, and
// deleted nodes may lie between. Only what the root reaches is taken over.
#pragma once

#include "base/result.h"
#include "model/import/xgboost/xgboost_file.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace ringmaker::model {

/// One entry a node, node 0 is the root. Fields that old files lack stay empty.
struct XgboostTree {
  std::vector<int32_t> left_children;
  std::vector<int32_t> right_children;
  std::vector<int32_t> split_indices;
  std::vector<float> split_conditions;  // of a leaf: its value
  std::vector<int32_t> default_left;    // 0 or 1
  std::vector<int32_t> split_type;      // 1: by categories
  std::vector<int32_t> categories;      // codes of all nodes, behind each other
  std::vector<int32_t> categories_nodes;
  std::vector<int32_t> categories_segments;  // where the codes of categories_nodes[i] begin
  std::vector<int32_t> categories_sizes;
  std::vector<float> sum_hessian;
  std::vector<float> loss_changes;
  std::vector<float> base_weights;     // vector leaves up to 3.1: nodes x leaf_width
  std::vector<float> leaf_weights;     // vector leaves since 3.2: leaves x leaf_width
  uint64_t leaf_width = 1;             // tree_param.size_leaf_vector, at least 1
  std::optional<uint64_t> nodes_told;  // tree_param.num_nodes

  /// Empties every list and keeps its memory.
  void clear() noexcept;
};

/// Translates trees and appends them to a file's ensemble.
class XgboostTreeTranslator {
 public:
  /// `bytes`: of the document that the trees come from, as far as that is known.
  explicit XgboostTreeTranslator(XgboostFile& file, size_t bytes = 0)
      : file_(file), bytes_(bytes) {}

  /// kInvalidInput with the tree's number and the field.
  [[nodiscard]] base::Result<void> append(const XgboostTree& tree);

 private:
  [[nodiscard]] base::Result<void> check_lengths(const XgboostTree& tree);
  [[nodiscard]] bool goes_forward(const XgboostTree& tree);
  [[nodiscard]] base::Result<void> reach_nodes(const XgboostTree& tree);
  [[nodiscard]] base::Result<void> number_nodes(const XgboostTree& tree);
  [[nodiscard]] base::Result<void> append_node(const XgboostTree& tree, size_t id);
  [[nodiscard]] base::Result<void> append_leaf(const XgboostTree& tree, size_t id);
  [[nodiscard]] base::Result<void> append_categories(const XgboostTree& tree, size_t id,
                                                     TreeNode& node);
  [[nodiscard]] base::Result<void> find_categories(const XgboostTree& tree);

  XgboostFile& file_;
  size_t bytes_;
  size_t tree_number_ = 0;
  std::vector<int32_t> numbers_;     // of each node: its own, ~ its leaf's, or kUnreached
  std::vector<int32_t> categories_;  // of each node: its place in categories_nodes, or -1
  std::vector<int32_t> pending_;
  std::vector<uint32_t> inner_;   // nodes that are reached: those that ask,
  std::vector<uint32_t> leaves_;  // and those that are leaves
};

}  // namespace ringmaker::model
