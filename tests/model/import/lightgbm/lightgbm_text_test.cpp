#include "model/import/lightgbm/lightgbm_text.h"

#include <gtest/gtest.h>

#include <string>

namespace ringmaker::model {
namespace {

const std::string kHeader =
    "tree\nversion=v3\nnum_class=1\nnum_tree_per_iteration=1\nmax_feature_idx=1\n"
    "objective=regression\nfeature_names=a b\nfeature_infos=[0:1] none\n";
const std::string kTree = "\nTree=0\nnum_leaves=1\nleaf_value=0.5\nshrinkage=1\n\n\n";
const std::string kEnd = "end of trees\n\nparameters:\nend of parameters\n";

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  return text.replace(text.find(from), from.size(), to);
}

std::string error_of(const std::string& text) {
  const auto file = read_lightgbm_text(text);
  return file ? "" : file.error().message();
}

TEST(LightgbmText, ReadsHeaderTreesAndWhatFollows) {
  const auto file = read_lightgbm_text(kHeader + "average_output\nsomething=new\n" + kTree +
                                       "end of trees\n\nparameters:\n[categorical_feature: 0,1]\n"
                                       "end of parameters\n\npandas_categorical:[[\"x\"]]\n");
  ASSERT_TRUE(file) << file.error().message();
  EXPECT_EQ(file->version, "v3");
  EXPECT_EQ(file->objective, "regression");
  EXPECT_TRUE(file->average_output);
  EXPECT_EQ(file->feature_names, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(file->feature_infos, (std::vector<std::string>{"[0:1]", "none"}));
  EXPECT_EQ(file->categorical_features, "0,1");
  EXPECT_EQ(file->pandas_categories, "[[\"x\"]]");
  EXPECT_EQ(file->ensemble.leaf_values, std::vector<double>{0.5});
}

TEST(LightgbmText, LinesMayEndAsOnWindows) {
  std::string text;
  for (const char c : kHeader + kTree + kEnd) {
    text += c == '\n' ? "\r\n" : std::string(1, c);
  }
  EXPECT_TRUE(is_lightgbm_text(text));
  EXPECT_EQ(error_of(text), "");
}

TEST(LightgbmText, AByteOrderMarkIsPassedOver) {
  const std::string text = "\xEF\xBB\xBF" + kHeader + kTree + kEnd;
  EXPECT_TRUE(is_lightgbm_text(text));
  EXPECT_EQ(error_of(text), "");
}

TEST(LightgbmText, OldFilesGoOnWithoutSayingThatTreesHaveEnded) {
  const std::string old = replaced(kHeader, "=v3", "=v2") + kTree + "feature importances:\n";
  EXPECT_EQ(error_of(old + "a=1\n"), "");
  EXPECT_EQ(error_of(old + "a=1\n\npandas_categorical:null\n"), "");
}

TEST(LightgbmText, ImportancesThatEndAnOldFileAreOfAllThatTreesSplitOn) {
  const std::string old = replaced(kHeader, "=v3", "=v2") +
                          "\nTree=0\nnum_leaves=3\nsplit_feature=0 1\nsplit_gain=2 1\n"
                          "threshold=1 2\ndecision_type=2 2\nleft_child=1 -1\nright_child=-2 -3\n"
                          "leaf_value=1 2 3\n\n\nfeature importances:\n";
  EXPECT_EQ(error_of(old + "a=1\nb=1\n"), "");
  EXPECT_EQ(error_of(old + "a=1\n"),
            "the file is cut off: feature importances lack \"b\", which its trees split on");
  EXPECT_EQ(error_of(old + "a=1\nb=1"), "the file is cut off: its last line has no end");
}

TEST(LightgbmText, AFileThatEndsTooEarlyIsCutOff) {
  EXPECT_EQ(error_of(kHeader), "the file is cut off: no tree and no \"end of trees\" is in it");
  EXPECT_EQ(error_of(kHeader + kTree),
            "the file is cut off: no tree and no \"end of trees\" is in it");
  EXPECT_EQ(error_of(kHeader + kTree + replaced(kTree, "=0", "=1")),
            "the file is cut off: it ends behind Tree=0 without \"end of trees\"");
  const std::string trees = kHeader + kTree + "end of trees\n";
  EXPECT_EQ(error_of(trees + "parameters:\n[a: 1]\n"),
            "the file is cut off: parameters do not end with \"end of parameters\"");
}

TEST(LightgbmText, AFileWithNothingBehindItsTreesIsCutOff) {
  const std::string cut =
      "the file is cut off: neither \"parameters:\" nor \"pandas_categorical:\" stands behind its "
      "trees";
  for (const char* version : {"=v2", "=v3", "=v4"}) {
    const std::string trees = replaced(kHeader, "=v3", version) + kTree + "end of trees\n";
    EXPECT_EQ(error_of(trees), cut) << version;
    EXPECT_EQ(error_of(trees + "\nfeature_importances:\na=1\n\n"), cut) << version;
    // Saved again from a file that had no parameters.
    EXPECT_EQ(error_of(trees + "\nfeature_importances:\na=1\n\npandas_categorical:null\n"), "");
  }
  EXPECT_EQ(error_of(kHeader + kTree + "feature importances:\na=1\n"), cut) << "not as old as that";
}

TEST(LightgbmText, ALastLineThatIsBegunAndNotWholeIsCutOff) {
  const std::string all = kHeader + kTree + kEnd;
  EXPECT_EQ(error_of(all), "") << "not from Python, which adds a line";
  for (const char* begun : {"\np", "\npandas_categorical:", "\npandas_categorical:[[\"x\"",
                            "\npandas_categorical:nul"}) {
    EXPECT_EQ(error_of(all + begun), "the file is cut off: its last line has no end") << begun;
  }
  // Editors may take the end of the last line away.
  EXPECT_EQ(error_of(all.substr(0, all.find_last_not_of('\n') + 1)), "");
  EXPECT_EQ(error_of(all + "\npandas_categorical:[[\"x\"]]"), "");
  EXPECT_EQ(error_of(all + "\npandas_categorical:null"), "");
}

TEST(LightgbmText, WhatCannotBeIsRefusedByTheFieldsName) {
  const std::string all = kHeader + kTree + kEnd;
  EXPECT_EQ(error_of(replaced(all, "version=v3\n", "")), "version is missing");
  EXPECT_EQ(error_of(replaced(all, "=v3", "=v9")),
            "version is \"v9\", this build reads v2, v3 and v4");
  EXPECT_EQ(error_of(replaced(all, "idx=1", "idx=x")),
            "max_feature_idx is \"x\", expected a whole number");
  EXPECT_EQ(error_of(replaced(all, "idx=1", "idx=-1")),
            "max_feature_idx is \"-1\", expected 0 or more");
  EXPECT_EQ(error_of(replaced(all, "idx=1", "idx=99999999999")),
            "max_feature_idx is 99999999999, up to 1048576 features are read");
  EXPECT_EQ(error_of(replaced(all, "max_feature_idx=1\n", "")), "max_feature_idx is missing");
  EXPECT_EQ(error_of(replaced(all, "a b", "a")),
            "feature_names has 1 entries, max_feature_idx says 2");
  EXPECT_EQ(error_of(replaced(all, "Tree=0", "Tree=7")), "Tree=7 stands where Tree=0 should");
  EXPECT_EQ(error_of(replaced(all, "value=0.5", "value=0.5x")),
            "Tree=0: leaf_value[0] is \"0.5x\", expected a number");
  EXPECT_EQ(error_of(replaced(all, "leaves=1", "leaves=\x01\xFF")),
            "Tree=0: num_leaves is \"??\", expected a whole number");
  EXPECT_EQ(error_of(replaced(all, "objective", "tree_sizes=1 2\nobjective")),
            "tree_sizes has 2 entries, the model has 1 trees");
}

}  // namespace
}  // namespace ringmaker::model
