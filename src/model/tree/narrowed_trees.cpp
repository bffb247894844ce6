#include "model/tree/narrowed_trees.h"

#include "model/tree/key_table.h"
#include "model/tree/next_above.h"
#include "model/tree/split.h"
#include "model/tree/trees_view.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <iterator>
#include <limits>
#include <vector>

namespace ringmaker::model {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// The least double that goes right; infinite where at most infinity does.
double cut_of(const TreeNode& node) {
  return node.decision == Decision::kLessEqual && node.threshold < kInfinity
             ? next_above(node.threshold)
             : node.threshold;
}

uint64_t key_of(double cut) { return std::bit_cast<uint64_t>(cut); }

/// What nodes ask of one feature: each cut once, though many nodes have it.
struct Asked {
  KeyTable<uint64_t> cuts;
  bool truncated = false;

  void add(double cut) { cuts.at(key_of(cut)) = 0; }

  void add(const TreeNode& node) {
    switch (node.decision) {
      case Decision::kCategories:
        truncated = true;
        return;
      case Decision::kEqual:
        // Two cuts around the one value, so that no other value becomes equal to it.
        add(node.threshold);
        add(std::nextafter(node.threshold, kInfinity));
        return;
      case Decision::kLess:
      case Decision::kLessEqual:
        if (!never_right(node)) {
          add(cut_of(node));
        }
        return;
    }
  }

  [[nodiscard]] data::Narrowing::Questions questions() const {
    data::Narrowing::Questions questions;
    questions.truncated = truncated;
    for (const uint64_t key : cuts.keys()) {
      questions.cuts.push_back(std::bit_cast<double>(key));
    }
    return questions;
  }
};

}  // namespace

base::Result<data::Narrowing> narrowing_of(std::span<const TreeEnsemble* const> ensembles) {
  const auto is_double = [](const TreeEnsemble* one) {
    return one->precision == Precision::kFloat64;
  };
  if (std::ranges::none_of(ensembles, is_double)) {
    return data::Narrowing();
  }
  std::vector<Asked> asked(ensembles.front()->features);
  bool tiny_is_zero = false;
  for (const TreeEnsemble* ensemble : ensembles) {
    tiny_is_zero = tiny_is_zero || ensemble->tiny_is_zero;
    const NodesView nodes(*ensemble);
    for (size_t n = 0; n < nodes.size(); ++n) {
      const TreeNode node = nodes[n];
      if (node.feature < asked.size()) {
        asked[node.feature].add(node);
      }
    }
  }
  std::vector<data::Narrowing::Questions> questions;
  std::ranges::transform(asked, std::back_inserter(questions), &Asked::questions);
  return data::Narrowing::make(questions, tiny_is_zero ? kZeroReach : 0);
}

TreeEnsemble narrowed_trees(TreeEnsemble ensemble, const data::Narrowing& narrowing) {
  if (narrowing.empty()) {
    return ensemble;
  }
  ensemble = unfiled(std::move(ensemble));
  std::vector<KeyTable<uint64_t>> known(ensemble.features);  // narrowed cuts, as bits
  for (TreeNode& node : ensemble.nodes) {
    if (node.decision == Decision::kCategories || node.feature >= ensemble.features ||
        never_right(node)) {
      continue;
    }
    const double cut = cut_of(node);
    uint32_t& bits = known[node.feature].at(key_of(cut));
    if (bits == KeyTable<uint64_t>::kNew) {
      bits = std::bit_cast<uint32_t>(narrowing.narrowed_cut(node.feature, cut));
    }
    node.threshold = static_cast<double>(std::bit_cast<float>(bits));
    node.decision = node.decision == Decision::kEqual ? Decision::kEqual : Decision::kLess;
  }
  return ensemble;
}

}  // namespace ringmaker::model
