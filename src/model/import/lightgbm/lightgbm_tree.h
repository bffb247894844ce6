// LightgbmTree: one "Tree=" block of a text model, and how it joins the neutral ensemble.
#pragma once

#include "base/result.h"
#include "model/import/lightgbm/lightgbm_file.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace ringmaker::model {

/// The lists of a block as they stand there; a list that is absent is empty.
struct LightgbmTree {
  std::optional<int64_t> leaves;
  int64_t categorical_splits = 0;
  bool linear = false;
  std::vector<int64_t> split_feature;
  std::vector<double> split_gain;
  std::vector<double> threshold;
  std::vector<int64_t> decision_type;
  std::vector<int64_t> left_child;
  std::vector<int64_t> right_child;
  std::vector<double> leaf_value;
  std::vector<double> leaf_count;
  std::vector<double> internal_count;
  std::vector<int64_t> cat_boundaries;
  std::vector<int64_t> cat_threshold;
  std::vector<double> leaf_const;
  std::vector<int64_t> num_features;
  std::vector<int64_t> leaf_features;
  std::vector<double> leaf_coeff;

  /// Empty again, with the memory kept.
  void clear();
};

/// Puts trees behind each other into one file. Errors name the tree and the list:
/// "Tree=3: left_child[5] is 99, ...".
class LightgbmTreeTranslator {
 public:
  /// `bytes`: of the text that the trees come from, as far as that is known.
  explicit LightgbmTreeTranslator(LightgbmFile& file, size_t bytes = 0)
      : file_(file), bytes_(bytes) {}

  /// Appends to file.ensemble. kInvalidInput where the lists cannot be of one tree.
  [[nodiscard]] base::Result<void> append(const LightgbmTree& tree);
  [[nodiscard]] size_t trees() const noexcept { return number_; }

 private:
  [[nodiscard]] base::Result<void> check_lengths(const LightgbmTree& tree) const;
  [[nodiscard]] base::Result<void> append_node(const LightgbmTree& tree, size_t id);
  [[nodiscard]] base::Result<void> append_categories(const LightgbmTree& tree, size_t id,
                                                     TreeNode& node);
  [[nodiscard]] base::Result<void> append_leaves(const LightgbmTree& tree);
  [[nodiscard]] base::Result<void> append_linear_leaves(const LightgbmTree& tree);

  LightgbmFile& file_;
  size_t bytes_;
  size_t number_ = 0;
};

}  // namespace ringmaker::model
