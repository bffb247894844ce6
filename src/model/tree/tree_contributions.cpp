#include "model/tree/tree_contributions.h"

#include "base/check.h"
#include "model/tree/tree_scratch.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

namespace ringmaker::model {

using base::ErrorCode;
using base::fail;
using base::Result;

Result<void> TreeContributions::check(const TreeWalk& walk, size_t features) {
  const auto covers = walk.covers();
  if (covers.empty() && !walk.trees().empty()) {
    return fail(ErrorCode::kUnsupported,
                "the model file does not tell how much of the training data came by each node, "
                "which contributions weigh by");
  }
  const auto is_weight = [](float cover) { return std::isfinite(cover) && cover >= 0; };
  const auto bad = std::ranges::find_if_not(covers, is_weight);
  if (bad != covers.end()) {
    return fail(ErrorCode::kUnsupported,
                fmt::format("the model file says that {} of the training data came by a node, "
                            "where contributions take a number from 0 on",
                            *bad));
  }
  for (size_t t = 0; t < walk.trees().size(); ++t) {
    const WalkTree& tree = walk.trees()[t];
    if (tree.depth > 0 && !(covers[tree.root] > 0)) {
      return fail(ErrorCode::kUnsupported,
                  fmt::format("the model file says that no training data came by tree {}, which "
                              "contributions weigh by",
                              t));
    }
    const size_t asked = std::min<size_t>(tree.depth, features);
    if (tree.depth * ((asked + 1) / 2) > kWalkMax) {
      return fail(ErrorCode::kUnsupported,
                  fmt::format("tree {} is {} levels deep, over which contributions of up to {} "
                              "features are not computed",
                              t, tree.depth, asked));
    }
  }
  return {};
}

TreeContributions::TreeContributions(const TreeWalk& walk, size_t features,
                                     const std::vector<double>& base_values,
                                     base::InstructionSet set, size_t nodes_kept_max)
    : walk_(walk),
      kernels_(path_kernels(set)),
      features_(features),
      slots_(walk, features),
      bias_(base_values) {
  const bool keep = slots_.nodes <= nodes_kept_max;
  PathBuilder builder(walk_, slots_);
  TreePaths paths;
  for (size_t t = 0; t < walk.trees().size(); ++t) {
    builder.build(t, paths);
    for (size_t j = 0; j < builder.means().size(); ++j) {
      bias_[walk.trees()[t].output + j] += builder.means()[j];
    }
    finish(paths);
    if (keep) {
      paths_.push_back(paths);
    }
  }
}

void TreeContributions::finish(TreePaths& paths) {
  if (rules_.size() <= paths.points) {
    rules_.resize(paths.points + 1);
  }
  if (Rule& rule = rules_[paths.points]; paths.points > 0 && rule.t.empty()) {
    Quadrature quadrature = gauss_legendre(paths.points);
    rule.t = std::move(quadrature.points);
    rule.u.assign(rule.t.rbegin(), rule.t.rend());  // they lie symmetrically
    rule.weight = std::move(quadrature.weights);
  }
  invert(paths);
}

void TreeContributions::invert(TreePaths& paths) const {
  const Rule& rule = rules_[paths.points];
  paths.inverses.clear();
  for (PathNode& node : paths.nodes) {
    if (node.above == 0) {
      continue;
    }
    node.inverse_begin = static_cast<uint32_t>(paths.inverses.size());
    for (size_t q = 0; q < paths.points; ++q) {
      paths.inverses.push_back(1 / (rule.t[q] + node.z * rule.u[q]));
    }
  }
}

void TreeContributions::explain(data::DenseView rows, double* values) const noexcept {
  RM_DCHECK(rows.columns == features_);
  const size_t width = bias_.size() * (features_ + 1);
  for (size_t first = 0; first < rows.rows; first += TreeWalk::kRowsOfLanes) {
    const size_t count = std::min(TreeWalk::kRowsOfLanes, rows.rows - first);
    explain_slice(rows.slice(first, count), values + first * width);
  }
}

void TreeContributions::explain_slice(data::DenseView rows, double* values) const noexcept {
  const size_t groups = (rows.rows + kPathRows - 1) / kPathRows;
  const size_t lanes = groups * kPathRows;
  float* columns = tree_scratch<float>(ScratchUse::kPathColumns, slots_.columns.size() * lanes + 1);
  std::fill_n(columns, slots_.columns.size() * lanes, 0.0F);
  walk_.lanes(rows, slots_.columns, lanes, columns);
  // Of each group, output and feature: eight rows.
  const size_t group_sums = bias_.size() * slots_.features.size() * kPathRows;
  double* sums = tree_scratch<double>(ScratchUse::kPathSums, groups * group_sums + 1);
  std::fill_n(sums, groups * group_sums, 0.0);
  if (!paths_.empty()) {
    for (size_t t = 0; t < paths_.size(); ++t) {
      add_tree(paths_[t], t, columns, groups, sums);
    }
  } else {
    PathBuilder builder(walk_, slots_);
    TreePaths paths;
    for (size_t t = 0; t < walk_.trees().size(); ++t) {
      builder.build(t, paths);
      invert(paths);
      add_tree(paths, t, columns, groups, sums);
    }
  }
  const size_t width = features_ + 1;
  for (size_t i = 0; i < rows.rows; ++i) {
    const double* lane = sums + i / kPathRows * group_sums + i % kPathRows;
    for (size_t k = 0; k < bias_.size(); ++k) {
      double* of_output = values + (i * bias_.size() + k) * width;
      std::fill_n(of_output, features_, 0.0);
      for (size_t s = 0; s < slots_.features.size(); ++s) {
        of_output[slots_.features[s]] = lane[(k * slots_.features.size() + s) * kPathRows];
      }
      of_output[features_] = bias_[k];
    }
  }
}

void TreeContributions::add_tree(const TreePaths& paths, size_t t, const float* columns,
                                 size_t groups, double* sums) const noexcept {
  if (paths.moves.empty()) {
    return;
  }
  const Rule& rule = rules_[paths.points];
  PathTask task{.moves = paths.moves.data(),
                .move_count = paths.moves.size(),
                .nodes = paths.nodes.data(),
                .inverses = paths.inverses.data(),
                .points = paths.points,
                .t = rule.t.data(),
                .u = rule.u.data(),
                .weight = rule.weight.data(),
                .stride = groups * kPathRows,
                .memory = tree_scratch_bytes(ScratchUse::kPathMemory,
                                             path_memory_bytes(paths.levels, paths.points)),
                .levels = paths.levels};
  const size_t of_output = slots_.features.size() * kPathRows;
  for (size_t group = 0; group < groups; ++group) {
    for (size_t j = 0; j < walk_.leaf_width(); ++j) {
      task.columns = columns + group * kPathRows;
      task.values = paths.values.data() + j;
      task.sums = sums + (group * bias_.size() + walk_.trees()[t].output + j) * of_output;
      kernels_.explain(task);
    }
  }
}

}  // namespace ringmaker::model
