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

TEST(AverageModel, WhatKeepsTwoFromAnsweringAsOneIsNamed) {
  const Model one = no_trees(Link::kLogistic);
  EXPECT_EQ(difference_of(one, no_trees(Link::kLogistic)), std::nullopt);
  Model other = one;
  other.schema.feature_names = {"y"};
  EXPECT_EQ(difference_of(one, other), "feature 0 is \"x\" of one and \"y\" of the other");
  other.schema.feature_names = {"x", "y"};
  EXPECT_EQ(difference_of(one, other), "one has 1 features, the other 2");
  other = one;
  other.schema.category_names = {{"blue", "red"}};
  EXPECT_EQ(difference_of(one, other), "feature \"x\" has other categories");
  Model reordered = other;
  reordered.schema.category_names = {{"red", "blue"}};
  EXPECT_EQ(difference_of(other, reordered), "feature \"x\" has other categories");
  EXPECT_EQ(difference_of(other, other), std::nullopt);
  other = one;
  other.output.value_names = {"a", "b"};
  EXPECT_EQ(difference_of(one, other), "their outputs are not the same");
}

TEST(AverageModel, ScoresThatMeanDifferentThingsAreNotAveraged) {
  const auto difference = difference_of(no_trees(Link::kLogistic), no_trees(Link::kIdentity));
  EXPECT_EQ(difference, "their scores mean different things, as their objectives do");
  Model margins = no_trees(Link::kIdentity);
  margins.output = {.task = data::Task::kBinary, .class_names = {"0", "1"}, .margin = true};
  Model probabilities = margins;
  probabilities.output.margin = false;
  EXPECT_EQ(difference_of(margins, probabilities), difference);
  EXPECT_FALSE(average_of({no_trees(Link::kLogistic), no_trees(Link::kIdentity)}));
}

}  // namespace
}  // namespace ringmaker::model
