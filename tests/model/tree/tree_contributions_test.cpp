#include "model/tree/tree_contributions.h"

#include "model/tree/reference_walk.h"
#include "model/tree/split.h"
#include "tests/model/tree/random_ensemble.h"
#include "tests/model/tree/tree_test_support.h"
#include "tests/support/instruction_sets.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>

namespace ringmaker::model {
namespace {

/// Gives each node the training rows of its leaves, whose numbers are random; some have none.
void cover_at_random(TreeEnsemble& ensemble, uint64_t seed, double empty = 0) {
  base::Random random(seed);
  ensemble.leaf_covers.resize(ensemble.leaf_values.size() / ensemble.leaf_width);
  for (float& cover : ensemble.leaf_covers) {
    cover = random.chance(empty) ? 0 : std::floor(static_cast<float>(random.uniform()) * 100) + 1;
  }
  ensemble.node_covers.assign(ensemble.nodes.size(), 0);
  for (const Tree& tree : ensemble.trees) {
    const std::function<float(int32_t)> fill = [&](int32_t id) {
      if (id < 0) {
        return ensemble.leaf_covers[tree.leaf_begin + static_cast<uint32_t>(~id)];
      }
      const size_t at = tree.node_begin + static_cast<uint32_t>(id);
      const float left = fill(ensemble.nodes[at].left);
      return ensemble.node_covers[at] = left + fill(ensemble.nodes[at].right);
    };
    fill(tree.node_count == 0 ? -1 : 0);
  }
}

/// What a tree answers for output `k` when only the features of `known` (bits) are: at a node of
/// another one, the mean of both sides by the training rows that took them.
double answer_knowing(const TreeEnsemble& ensemble, const Tree& tree, size_t k, const float* row,
                      uint32_t known, int32_t id) {
  if (id < 0) {
    const size_t leaf = tree.leaf_begin + static_cast<uint32_t>(~id);
    return ensemble.leaf_width == 1 ? (tree.output == k ? ensemble.leaf_values[leaf] : 0)
                                    : ensemble.leaf_values[leaf * ensemble.leaf_width + k];
  }
  const size_t at = tree.node_begin + static_cast<uint32_t>(id);
  const TreeNode& node = ensemble.nodes[at];
  const auto below = [&](int32_t child) {
    return answer_knowing(ensemble, tree, k, row, known, child);
  };
  if ((known >> node.feature & 1U) != 0) {
    return below(goes_left(node, ensemble.category_words, row[node.feature]) ? node.left
                                                                             : node.right);
  }
  const auto cover = [&](int32_t child) {
    return static_cast<double>(
        child < 0 ? ensemble.leaf_covers[tree.leaf_begin + static_cast<uint32_t>(~child)]
                  : ensemble.node_covers[tree.node_begin + static_cast<uint32_t>(child)]);
  };
  const auto all = static_cast<double>(ensemble.node_covers[at]);
  return all > 0
             ? (cover(node.left) * below(node.left) + cover(node.right) * below(node.right)) / all
             : (below(node.left) + below(node.right)) / 2;
}

/// Shapley's definition: the mean of what a feature adds, over all orders in which features become
/// known. The bias stands last.
std::vector<double> shapley(const TreeEnsemble& ensemble, size_t k, const float* row) {
  const size_t features = ensemble.features;
  std::vector<double> answers(size_t{1} << features, ensemble.base_values[k]);
  for (uint32_t known = 0; known < answers.size(); ++known) {
    for (const Tree& tree : ensemble.trees) {
      answers[known] +=
          answer_knowing(ensemble, tree, k, row, known, tree.node_count == 0 ? -1 : 0);
    }
  }
  std::vector<double> factorial{1};
  for (size_t n = 1; n <= features; ++n) {
    factorial.push_back(factorial.back() * static_cast<double>(n));
  }
  std::vector<double> values(features + 1);
  for (size_t j = 0; j < features; ++j) {
    for (uint32_t known = 0; known < answers.size(); ++known) {
      if ((known >> j & 1U) == 0) {
        const auto size = static_cast<size_t>(std::popcount(known));
        values[j] += factorial[size] * factorial[features - 1 - size] / factorial[features] *
                     (answers[known | 1U << j] - answers[known]);
      }
    }
  }
  values[features] = answers[0];
  return values;
}

class Explained {
 public:
  explicit Explained(TreeEnsemble ensemble,
                     base::InstructionSet set = base::detect_instruction_set(),
                     size_t nodes_kept_max = TreeContributions::kNodesKeptMax)
      : ensemble_(std::move(ensemble)),
        walk_(ensemble_, SplitColumns(ensemble_)),
        contributions_(walk_, ensemble_.features, ensemble_.base_values, set, nodes_kept_max) {}

  [[nodiscard]] size_t width() const { return ensemble_.outputs * (ensemble_.features + 1); }
  [[nodiscard]] std::vector<double> of(data::DenseView rows) const {
    std::vector<double> values(rows.rows * width());
    contributions_.explain(rows, values.data());
    return values;
  }

 private:
  TreeEnsemble ensemble_;
  TreeWalk walk_;
  TreeContributions contributions_;
};

void expect_shapley(const EnsembleShape& shape, uint64_t seed, double empty = 0) {
  SCOPED_TRACE(testing::Message() << shape.trees << " trees of depth " << shape.depth_max << ", "
                                  << shape.features << " features, seed " << seed);
  TreeEnsemble ensemble = random_ensemble(shape, seed);
  cover_at_random(ensemble, seed, empty);
  const Explained explained(ensemble);
  const data::DenseBlock rows = random_rows(ensemble, 21, true, seed);
  const std::vector<double> values = explained.of(rows.view());
  for (size_t i = 0; i < rows.rows(); ++i) {
    for (size_t k = 0; k < ensemble.outputs; ++k) {
      const std::vector<double> expected = shapley(ensemble, k, rows.view().row(i));
      for (size_t j = 0; j < expected.size(); ++j) {
        ASSERT_NEAR(values[i * explained.width() + k * expected.size() + j], expected[j], 1e-12)
            << "row " << i << ", output " << k << ", feature " << j;
      }
    }
  }
}

TEST(TreeContributions, AreShapleysMeanOverAllOrders) {
  for (size_t depth = 0; depth <= 6; ++depth) {
    expect_shapley({.features = 6, .trees = 3, .depth_max = depth}, depth);
  }
}

TEST(TreeContributions, AreSoWhereAPathAsksTheSameFeatureAgain) {
  expect_shapley({.features = 1, .trees = 3, .depth_max = 5}, 1);
  expect_shapley({.features = 2, .trees = 3, .depth_max = 7, .early_leaf = 0.2}, 2);
  expect_shapley({.features = 3, .trees = 3, .depth_max = 9, .early_leaf = 0.3}, 3);
}

TEST(TreeContributions, AreSoForCategoriesAndEveryMissingMode) {
  expect_shapley({.features = 4, .trees = 5, .categories = 0.5}, 1);
  expect_shapley({.features = 4, .trees = 5, .zero_missing = true}, 2);
  expect_shapley({.features = 4, .trees = 5, .categories = 0.2, .nan_zero = true}, 3);
}

TEST(TreeContributions, AreSoForEveryOutput) {
  expect_shapley({.features = 4, .outputs = 3, .trees = 7}, 1);
  expect_shapley({.features = 4, .outputs = 3, .leaf_width = 3, .trees = 3}, 2);
  expect_shapley({.features = 4, .trees = 5, .precision = Precision::kFloat64}, 3);
}

TEST(TreeContributions, AreSoWhereNoTrainingDataCameByANode) {
  expect_shapley({.features = 3, .trees = 3, .depth_max = 5, .early_leaf = 0}, 1, 0.4);
}

TEST(TreeContributions, AddUpToTheRawValueAtAnyDepth) {
  for (const auto& [features, depth] : {std::pair<size_t, size_t>{40, 60}, {400, 60}, {3, 400}}) {
    TreeEnsemble ensemble = random_ensemble(
        {.features = features, .trees = 5, .depth_max = depth, .early_leaf = 0.51}, depth);
    // A chain as deep as may be, beside the bushes.
    Tree chain{.node_begin = static_cast<uint32_t>(ensemble.nodes.size()),
               .node_count = static_cast<uint32_t>(depth),
               .leaf_begin = static_cast<uint32_t>(ensemble.leaf_values.size()),
               .leaf_count = static_cast<uint32_t>(depth + 1)};
    for (size_t d = 0; d < depth; ++d) {
      ensemble.nodes.push_back(
          {.left = ~static_cast<int32_t>(d),
           .right = d + 1 == depth ? ~static_cast<int32_t>(depth) : static_cast<int32_t>(d + 1),
           .feature = static_cast<uint32_t>(d % features),
           .threshold = -3});
    }
    for (size_t leaf = 0; leaf <= depth; ++leaf) {
      ensemble.leaf_values.push_back(static_cast<double>(leaf) / 8);
    }
    ensemble.trees.push_back(chain);
    ensemble.precision = Precision::kFloat64;
    cover_at_random(ensemble, depth);
    const Explained explained(ensemble);
    const data::DenseBlock rows = random_rows(ensemble, 40, true, 5);
    const std::vector<double> values = explained.of(rows.view());
    const ReferenceWalk walk(ensemble);
    for (size_t i = 0; i < rows.rows(); ++i) {
      const std::vector<double> row(rows.view().row(i), rows.view().row(i) + features);
      double raw = 0;
      walk.sums(row.data(), &raw);
      double sum = 0;
      for (size_t j = 0; j <= features; ++j) {
        sum += values[i * explained.width() + j];
      }
      EXPECT_NEAR(sum, raw, 1e-9 * (1 + std::fabs(raw))) << "depth " << depth << ", row " << i;
    }
  }
}

TEST(TreeContributions, EverySetAndEveryNumberOfRowsGiveTheSameBits) {
  TreeEnsemble ensemble = random_ensemble({.features = 9,
                                           .outputs = 2,
                                           .trees = 20,
                                           .depth_max = 9,
                                           .early_leaf = 0.2,
                                           .categories = 0.1},
                                          4);
  cover_at_random(ensemble, 4);
  const data::DenseBlock rows = random_rows(ensemble, 150, true, 6);
  const std::vector<double> expected =
      Explained(ensemble, base::InstructionSet::kPortable).of(rows.view());
  for (const auto set : test::instruction_sets_here()) {
    const Explained explained(ensemble, set);
    EXPECT_EQ(explained.of(rows.view()), expected) << base::name(set);
    for (const size_t count : {1, 2, 7, 8, 9, 63, 64, 65}) {
      const std::vector<double> some = explained.of(rows.view().slice(10, count));
      const auto first = expected.begin() + static_cast<ptrdiff_t>(10 * explained.width());
      EXPECT_TRUE(std::equal(some.begin(), some.end(), first))
          << base::name(set) << ", " << count << " rows";
    }
  }
}

TEST(TreeContributions, AreTheSameWhereMovesAreNotKept) {
  TreeEnsemble ensemble = random_ensemble({.outputs = 2, .depth_max = 8}, 7);
  cover_at_random(ensemble, 7);
  const data::DenseBlock rows = random_rows(ensemble, 100, true, 8);
  EXPECT_EQ(Explained(ensemble, base::detect_instruction_set(), 0).of(rows.view()),
            Explained(ensemble).of(rows.view()));
}

TEST(TreeContributions, AreRefusedInASentenceWhereTheyCannotBe) {
  const auto refusal = [](const TreeEnsemble& ensemble) {
    const auto checked =
        TreeContributions::check(TreeWalk(ensemble, SplitColumns(ensemble)), ensemble.features);
    return checked ? std::string() : std::string(checked.error().message());
  };
  EXPECT_EQ(refusal(small_trees()), "");

  TreeEnsemble unknown = small_trees();
  unknown.node_covers.clear();
  unknown.leaf_covers.clear();
  EXPECT_EQ(refusal(unknown),
            "the model file does not tell how much of the training data came by each node, which "
            "contributions weigh by");

  TreeEnsemble negative = small_trees();
  negative.leaf_covers[1] = -3;
  EXPECT_EQ(refusal(negative),
            "the model file says that -3 of the training data came by a node, where contributions "
            "take a number from 0 on");

  TreeEnsemble empty = small_trees();
  empty.node_covers = {0, 0};
  EXPECT_EQ(refusal(empty),
            "the model file says that no training data came by tree 0, which contributions weigh "
            "by");
}

}  // namespace
}  // namespace ringmaker::model
