#include "model/average/average_model.h"

#include <gtest/gtest.h>

namespace ringmaker::model {
namespace {

using base::ErrorCode;

/// A model that answers `value` whatever the row.
Model constant(float value) {
  Model model;
  model.schema.feature_names = {"x"};
  model.parameters = BoostedLinearParameters{.bias = {value}, .weights = {0}};
  return model;
}

/// A model of no tree, which answers 0 through `link`.
Model no_trees(Link link) {
  Model model;
  model.schema.feature_names = {"x"};
  TreeParameters trees;
  trees.link = link;
  trees.ensemble.features = 1;
  trees.ensemble.base_values = {0};
  trees.ensemble.round_begins = {0};
  model.parameters = trees;
  return model;
}

const AverageParameters& average(const Model& model) {
  return std::get<AverageParameters>(model.parameters);
}

TEST(AverageModel, HasTheColumnsOfItsMembers) {
  const base::Result<Model> model = average_of({constant(1), constant(2)});
  ASSERT_TRUE(model) << model.error().message();
  EXPECT_EQ(model->schema.feature_names, std::vector<std::string>{"x"});
  EXPECT_EQ(average(*model).members.size(), 2);
  EXPECT_FALSE(average(*model).vote);
}

TEST(AverageModel, ClassesAreVotedFor) {
  const base::Result<Model> classes = average_of({no_trees(Link::kStep), no_trees(Link::kStep)});
  ASSERT_TRUE(classes) << classes.error().message();
  EXPECT_TRUE(average(*classes).vote);
  const base::Result<Model> values =
      average_of({no_trees(Link::kIdentity), no_trees(Link::kIdentity)});
  ASSERT_TRUE(values) << values.error().message();
  EXPECT_FALSE(average(*values).vote);
}

TEST(AverageModel, MembersOfOtherColumnsAreRefused) {
  Model other = constant(2);
  other.schema.feature_names = {"y"};
  const base::Result<Model> model = average_of({constant(1), std::move(other)});
  ASSERT_FALSE(model);
  EXPECT_EQ(model.error().code(), ErrorCode::kInvalidInput);
}

TEST(AverageModel, NoImportanceIsMadeUp) {
  Model first = constant(1);
  first.provenance.importance = {1};
  const base::Result<Model> model = average_of({std::move(first), constant(2)});
  ASSERT_TRUE(model) << model.error().message();
  EXPECT_TRUE(model->provenance.importance.empty());
}

}  // namespace
}  // namespace ringmaker::model
