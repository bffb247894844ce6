// What a document may hold where, and what is said of the rest.
#include "model/import/xgboost/xgboost_document.h"

#include "tests/model/import/fixture.h"

#include <fmt/core.h>
#include <gmock/gmock.h>

namespace ringmaker::model {
namespace {

base::Result<XgboostFile> read(std::string text) {
  const size_t size = text.size();
  text.resize(size + kImportPadding);
  return read_xgboost_json(std::string_view(text).substr(0, size));
}

TEST(XgboostDocument, ReadsWhatItNeedsAndPassesOverTheRest) {
  const auto file = read(R"({"Config":{"learner":{"objective":{"name":"other"}}},"Model":{
    "version":[3,1,2],"learner":{
      "attributes":{"best_iteration":"7","note":"learner"},
      "feature_names":["a","b"],"feature_types":["float","c"],
      "learner_model_param":{"base_score":"[1E0, -2.5E-1]","num_feature":"2","num_class":"0"},
      "objective":{"name":"reg:quantileerror",
                   "quantile_loss_param":{"quantile_alpha":"[1E-1,9E-1]"}},
      "gradient_booster":{"name":"dart","weight_drop":[1E0,Infinity],"gbtree":{"name":"gbtree",
        "model":{"tree_info":[0,1],"iteration_indptr":[0,2],
          "cats":{"enc":[{},{"offsets":[0,1,3],"values":[97,-61,-92]}]},
          "trees":[]}}}}}})");
  ASSERT_TRUE(file) << file.error().message();
  EXPECT_EQ(file->version[1], 1U);
  EXPECT_EQ(file->best_iteration, 7U);
  EXPECT_EQ(file->feature_names, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(file->base_scores, (std::vector<float>{1, -0.25F}));
  EXPECT_EQ(file->objective, "reg:quantileerror");
  EXPECT_EQ(file->quantiles, (std::vector<std::string>{"0.1", "0.9"}));
  EXPECT_EQ(file->booster, "dart");
  EXPECT_EQ(file->tree_weights[1], std::numeric_limits<float>::infinity());
  EXPECT_EQ(file->tree_outputs, (std::vector<uint32_t>{0, 1}));
  EXPECT_EQ(file->category_names[1], (std::vector<std::string>{"a", "\xC3\xA4"}));
}

TEST(XgboostDocument, BeforeTheFirstRoundThereIsNoBestOne) {
  const auto file =
      read(R"({"version":[1,7,4],"learner":{"attributes":{"best_iteration":"-1"},)"
           R"("gradient_booster":{"name":"gbtree","model":{"tree_info":[],"trees":[]}}}})");
  ASSERT_TRUE(file) << file.error().message();
  EXPECT_FALSE(file->best_iteration);
}

TEST(XgboostDocument, OffsetsInCharactersAreTakenForWhatTheyAre) {
  const auto names = [](std::string_view category) {
    const auto file = read(fmt::format(
        R"({{"learner":{{"gradient_booster":{{"model":{{"cats":{{"enc":[{}]}}}}}}}}}})", category));
    EXPECT_TRUE(file) << file.error().message();
    return file->category_names[0];
  };
  using Names = std::vector<std::string>;
  // A character cut in two: ü, red, and x,y without its last byte.
  EXPECT_EQ(names(R"({"offsets":[0,1,4,7],"values":[-61,-68,114,101,100,120,44]})"),
            (Names{"\u00FC", "red", "x,\uFFFD"}));
  // Nothing cut, but the order lost: büe, da, z.
  EXPECT_EQ(names(R"({"offsets":[0,3,5,6],"values":[98,-61,-68,101,100,97]})"),
            (Names{"b\u00FCe", "da", "\uFFFD"}));
  // As the format has it.
  EXPECT_EQ(names(R"({"offsets":[0,4,6],"values":[98,-61,-68,101,100,97]})"),
            (Names{"b\u00FCe", "da"}));
}

TEST(XgboostDocument, WhatStandsInTheWrongPlaceIsNamed) {
  struct Case {
    std::string_view text;
    std::string_view sentence;
  };
  const Case cases[] = {
      {R"({"learner":[]})", "learner is a list, expected an object"},
      {R"({"learner":7})", "learner holds the number 7"},
      {R"({"learner":{"feature_names":{}}})", "feature_names is an object, expected a list"},
      {R"({"learner":{"feature_names":[[]]}})", "feature_names holds a list"},
      {R"({"learner":{"objective":{"name":null}}})", "name is null"},
      {R"({"learner":{"learner_model_param":{"num_feature":"many"}}})", "num_feature is \"many\""},
      {R"({"learner":{"learner_model_param":{"num_feature":"-1"}}})", "num_feature is \"-1\""},
      {R"({"learner":{"learner_model_param":{"base_score":"[]"}}})", "base_score is \"[]\""},
      {R"({"learner":{"learner_model_param":{"base_score":"nan"}}})",
       "learner_model_param.base_score is \"nan\", expected a number"},
      {R"({"learner":{"attributes":{"best_iteration":"x"}}})",
       "attributes.best_iteration is \"x\", expected a whole number"},
      {R"({"learner":{"gradient_booster":{"model":{"trees":[{"tree_param":{"num_nodes":"x"}}]}}}})",
       "trees[0].tree_param.num_nodes is \"x\""},
      {R"({"learner":{"gradient_booster":{"model":{"trees":[{"tree_param":{"num_nodes":"2"},
          "left_children":[-1],"right_children":[-1],"split_indices":[0],"split_conditions":[1],
          "default_left":[0]}]}}}})",
       "trees[0].left_children has 1 entries, tree_param.num_nodes says 2"},
      {R"({"learner":{"gradient_booster":{"model":{"trees":[{"left_children":[0.5]}]}}}})",
       "trees[0].left_children holds 0.5 at position 0"},
      {R"({"learner":{"gradient_booster":{"model":{"trees":[{"left_children":["1"]}]}}}})",
       "trees[0].left_children holds the text \"1\""},
      {R"({"learner":{"gradient_booster":{"model":{"trees":[7]}}}})", "trees holds the number 7"},
      {R"({"learner":{"gradient_booster":{"model":{"tree_info":[-1]}}}})", "tree_info[0] is -1"},
      {R"({"learner":{"gradient_booster":{"model":{"cats":{"enc":[{"offsets":[0,2],"values":[1]}]}}}}})",
       "offsets of cats.enc[0] holds 2"},
      {R"({"version":[1,2,3,4]})", "version holds 4"},
      {R"({"learner":{)", "cut off at byte"},
      {"{\"learner\":{}} {", "damaged or cut off at byte"},
  };
  for (const Case& one : cases) {
    const auto file = read(std::string(one.text));
    ASSERT_FALSE(file) << one.text;
    EXPECT_THAT(file.error().message(), testing::HasSubstr(one.sentence));
  }
}

TEST(XgboostDocument, WhatItMustHaveAndHasNotIsNamed) {
  const auto missing = [](std::string_view version, std::string_view booster) {
    const auto file =
        read(fmt::format(R"({{{}"learner":{{"gradient_booster":{{{}}}}}}})", version, booster));
    EXPECT_TRUE(file) << file.error().message();
    return std::string(file->missing);
  };
  constexpr std::string_view kVersion = R"("version":[1,7,4],)";
  EXPECT_EQ(missing("", ""), "version");
  EXPECT_EQ(missing(R"("version":[1,7],)", ""), "version");
  EXPECT_EQ(missing(kVersion, R"("name":"gbtree")"), "gradient_booster.model");
  EXPECT_EQ(missing(kVersion, R"("name":"gblinear")"), "gradient_booster.model");
  EXPECT_EQ(missing(kVersion, R"("name":"gbtree","model":{})"), "gradient_booster.model.trees");
  EXPECT_EQ(missing(kVersion, R"("name":"dart","gbtree":{"model":{"trees":[]}})"),
            "gradient_booster.model.tree_info");
  EXPECT_EQ(missing(kVersion, R"("name":"gbtree","model":{"trees":[],"tree_info":[]})"), "");
  EXPECT_EQ(missing(kVersion, R"("name":"gblinear","model":{"weights":[]})"), "");
}

TEST(XgboostDocument, TellsHowManyTreesItSaysItHas) {
  const auto file = read(
      R"({"learner":{"gradient_booster":{"model":{"gbtree_model_param":{"num_trees":"7"}}}}})");
  ASSERT_TRUE(file) << file.error().message();
  EXPECT_EQ(file->trees_told, 7U);
}

TEST(XgboostDocument, ExpectilesAreCalledByTheirAlphas) {
  const auto file = read(R"({"learner":{"objective":{"name":"reg:expectileerror",
    "expectile_loss_param":{"expectile_alpha":"[1E-1,5E-1]"}}}})");
  ASSERT_TRUE(file) << file.error().message();
  EXPECT_EQ(file->quantiles, (std::vector<std::string>{"0.1", "0.5"}));
}

TEST(XgboostDocument, AByteOrderMarkIsPassedOver) {
  const auto file = read("\xEF\xBB\xBF{\"version\":[2,1,0]}");
  ASSERT_TRUE(file) << file.error().message();
  EXPECT_EQ(file->version[0], 2U);
}

}  // namespace
}  // namespace ringmaker::model
