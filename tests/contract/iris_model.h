// IrisModel: a directory with a model of iris, trained once a process.
#pragma once

#include "tests/support/program.h"

#include <gtest/gtest.h>

#include <string>

namespace ringmaker {

class IrisModel {
 public:
  static const test::TemporaryDirectory& directory() {
    static const IrisModel kModel;
    return kModel.tree_;
  }

 private:
  IrisModel() {
    test::Program train({"train", "--data", std::string(RINGMAKER_SOURCE_DIR) + "/data/iris.csv",
                         "--label", "species", "--model-dir", tree_.path("model")},
                        {});
    EXPECT_EQ(train.wait(), 0) << train.errors();
  }
  test::TemporaryDirectory tree_;
};

}  // namespace ringmaker
