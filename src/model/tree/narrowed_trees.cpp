#include "model/tree/narrowed_trees.h"

#include "model/tree/split.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace ringmaker::model {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// The least double that goes right; infinite where at most infinity does.
double cut_of(const TreeNode& node) {
  return node.decision == Decision::kLessEqual ? std::nextafter(node.threshold, kInfinity)
                                               : node.threshold;
}

/// Whether x <= threshold holds for all x but NaN: there is nothing to cut.
bool never_right(const TreeNode& node) {
  return node.decision == Decision::kLessEqual && node.threshold == kInfinity;
}

void ask(const TreeNode& node, data::Narrowing::Questions& questions) {
  switch (node.decision) {
    case Decision::kCategories:
      questions.truncated = true;
      return;
    case Decision::kEqual:
      // Two cuts around the one value, so that no other value becomes equal to it.
      questions.cuts.push_back(node.threshold);
      questions.cuts.push_back(std::nextafter(node.threshold, kInfinity));
      return;
    case Decision::kLess:
    case Decision::kLessEqual:
      if (!never_right(node)) {
        questions.cuts.push_back(cut_of(node));
      }
      return;
  }
}

}  // namespace

base::Result<data::Narrowing> narrowing_of(std::span<const TreeEnsemble* const> ensembles) {
  const auto is_double = [](const TreeEnsemble* one) {
    return one->precision == Precision::kFloat64;
  };
  if (std::ranges::none_of(ensembles, is_double)) {
    return data::Narrowing();
  }
  std::vector<data::Narrowing::Questions> questions(ensembles.front()->features);
  bool tiny_is_zero = false;
  for (const TreeEnsemble* ensemble : ensembles) {
    tiny_is_zero = tiny_is_zero || ensemble->tiny_is_zero;
    for (const TreeNode& node : ensemble->nodes) {
      if (node.feature < questions.size()) {
        ask(node, questions[node.feature]);
      }
    }
  }
  return data::Narrowing::make(questions, tiny_is_zero ? kZeroReach : 0);
}

TreeEnsemble narrowed_trees(TreeEnsemble ensemble, const data::Narrowing& narrowing) {
  if (narrowing.empty()) {
    return ensemble;
  }
  for (TreeNode& node : ensemble.nodes) {
    if (node.decision == Decision::kCategories || node.feature >= ensemble.features ||
        never_right(node)) {
      continue;
    }
    const double cut = cut_of(node);
    node.threshold = static_cast<double>(narrowing.narrowed_cut(node.feature, cut));
    node.decision = node.decision == Decision::kEqual ? Decision::kEqual : Decision::kLess;
  }
  return ensemble;
}

}  // namespace ringmaker::model
