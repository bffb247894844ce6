// Trees that stay in the file that they came from are the trees that lists of them are.
#include "model/artifact.h"
#include "model/tree/tree_contributions.h"
#include "model/tree/tree_scorer.h"
#include "model/tree/trees_view.h"
#include "model/tree/validate_trees.h"
#include "tests/model/tree/random_ensemble.h"
#include "tests/model/tree/tree_test_support.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

namespace ringmaker::model {
namespace {

/// An ensemble whose trees lie in arrays, as long as `file` is held.
struct Filed {
  std::shared_ptr<TreeArrays> file;
  TreeEnsemble ensemble;
};

Filed filed(const TreeEnsemble& listed) {
  Filed filed{std::make_shared<TreeArrays>(arrays_of(listed)), {}};
  TreeEnsemble shape;
  shape.features = listed.features;
  shape.outputs = listed.outputs;
  shape.leaf_width = listed.leaf_width;
  shape.precision = listed.precision;
  shape.tiny_is_zero = listed.tiny_is_zero;
  filed.ensemble = ensemble_of(shape, views_of(*filed.file), filed.file).value();
  return filed;
}

std::vector<TreeEnsemble> ensembles() {
  std::vector<TreeEnsemble> all;
  for (const Precision precision : {Precision::kFloat32, Precision::kFloat64}) {
    for (const double categories : {0.0, 0.3}) {
      all.push_back(random_ensemble({.categories = categories, .precision = precision}, 1));
      all.push_back(random_ensemble({.outputs = 3,
                                     .leaf_width = 3,
                                     .trees = 5,
                                     .depth_max = 12,
                                     .thresholds = 0,
                                     .categories = categories,
                                     .nan_zero = true,
                                     .precision = precision},
                                    2));
    }
  }
  all.push_back(small_trees());
  return all;
}

TEST(FiledTrees, AreSeenAsListsAre) {
  for (const TreeEnsemble& listed : ensembles()) {
    const Filed other = filed(listed);
    ASSERT_TRUE(other.ensemble.nodes.empty() && other.ensemble.leaf_values.empty());
    const TreesView is = other.ensemble;
    const TreesView was = listed;
    ASSERT_EQ(is.nodes.size(), was.nodes.size());
    for (size_t n = 0; n < was.nodes.size(); ++n) {
      ASSERT_EQ(is.nodes.left(n), was.nodes[n].left);
      ASSERT_EQ(is.nodes.right(n), was.nodes[n].right);
      ASSERT_EQ(is.nodes[n].left, was.nodes[n].left);
      ASSERT_EQ(is.nodes[n].feature, was.nodes[n].feature);
      ASSERT_EQ(is.nodes[n].threshold, was.nodes[n].threshold);
      ASSERT_EQ(is.nodes[n].category_end, was.nodes[n].category_end);
    }
    ASSERT_EQ(is.leaf_values.size(), was.leaf_values.size());
    for (size_t i = 0; i < was.leaf_values.size(); ++i) {
      ASSERT_EQ(is.leaf_values[i], was.leaf_values[i]);
    }
    EXPECT_TRUE(std::ranges::equal(is.leaf_ids, was.leaf_ids));
    EXPECT_TRUE(std::ranges::equal(is.node_covers, was.node_covers));
    EXPECT_TRUE(std::ranges::equal(is.leaf_covers, was.leaf_covers));
    const auto said = [](const TreeEnsemble& ensemble) {
      const auto valid = validate_trees(ensemble);
      return valid ? "" : std::string(valid.error().message());
    };
    EXPECT_EQ(said(other.ensemble), said(listed));
  }
}

TEST(FiledTrees, BecomeListsForWhoChangesThem) {
  for (const TreeEnsemble& listed : ensembles()) {
    const TreeEnsemble back = unfiled(filed(listed).ensemble);
    EXPECT_EQ(back.filed, nullptr);
    EXPECT_EQ(back.nodes.size(), listed.nodes.size());
    EXPECT_EQ(back.leaf_values, listed.leaf_values);
    EXPECT_EQ(back.leaf_ids, listed.leaf_ids);
    EXPECT_EQ(back.node_covers, listed.node_covers);
    EXPECT_EQ(back.leaf_covers, listed.leaf_covers);
    EXPECT_EQ(arrays_of(back).questions, arrays_of(filed(listed).ensemble).questions);
  }
}

TEST(FiledTrees, ScoreAsListsDo) {
  for (const TreeEnsemble& listed : ensembles()) {
    const base::InstructionSet set = base::detect_instruction_set();
    const TreeScorer was(listed, set);
    const TreeScorer is(filed(listed).ensemble, set);
    EXPECT_EQ(is.plan(), was.plan());
    const data::DenseBlock rows = random_rows(listed, 100, true, 5);
    for (const size_t count : {1U, 7U, 100U}) {
      std::vector<float> expected(count * listed.outputs);
      std::vector<float> raw(count * listed.outputs);
      was.score(rows.view().slice(0, count), {expected.data(), count, listed.outputs});
      is.score(rows.view().slice(0, count), {raw.data(), count, listed.outputs});
      EXPECT_EQ(raw, expected);
    }
    std::vector<uint32_t> expected(100 * listed.trees.size());
    std::vector<uint32_t> names(100 * listed.trees.size());
    was.walk().leaves(rows.view(), expected.data());
    is.walk().leaves(rows.view(), names.data());
    EXPECT_EQ(names, expected);
    EXPECT_TRUE(std::ranges::equal(is.walk().covers(), was.walk().covers()));
  }
}

TEST(FiledTrees, HoldTheirFileUntilAPredictorStands) {
  auto bytes = std::make_shared<std::vector<std::byte>>(encode_artifact(model_of(small_trees())));
  const std::weak_ptr<std::vector<std::byte>> file = bytes;
  auto model = decode_artifact(*bytes, bytes);
  ASSERT_TRUE(model) << model.error().message();
  bytes.reset();
  EXPECT_FALSE(file.expired());
  EXPECT_EQ(encode_artifact(*model), *file.lock());
  const auto predictor = compile(std::move(*model), base::detect_instruction_set());
  ASSERT_TRUE(predictor) << predictor.error().message();
  EXPECT_TRUE(file.expired());
}

}  // namespace
}  // namespace ringmaker::model
