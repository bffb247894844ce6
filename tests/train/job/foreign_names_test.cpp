#include "train/job/foreign_names.h"

#include "train/job/request.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ringmaker::train {
namespace {

using testing::IsEmpty;
using testing::StartsWith;

TEST(ForeignNames, ThoseOfXgboostAreTold) {
  for (const char* name : {"alpha", "eta", "max_depth", "num_round", "objective", "verbosity",
                           "_kfold", "_num_cv_round", "aft_loss_distribution", "predictor",
                           "prob_buffer_row", "use_dask_gpu_training"}) {
    EXPECT_THAT(foreign_name_text(name), StartsWith(std::string("hyperparameter \"") + name +
                                                    "\" is a name of XGBoost; "
                                                    "linear models are trained here"));
  }
}

TEST(ForeignNames, WhatIsCalledOtherwiseHereIsTold) {
  EXPECT_EQ(foreign_name_text("target"),
            "hyperparameter \"target\" is unknown; here it is \"label\"");
  EXPECT_EQ(foreign_name_text("C"),
            "hyperparameter \"C\" is unknown; here it is \"wd\", which is 1 / (C times the rows)");
  EXPECT_THAT(foreign_name_text("L2"), testing::HasSubstr("here it is \"wd\"")) << "in any case";
  const auto ours = hyperparameter_names();
  for (const char* name :
       {"C", "batch_size", "class_weight", "fit_intercept", "l2", "lr", "max_iter", "penalty",
        "random_state", "regularization", "target", "tol", "weight_decay"}) {
    const std::string text = foreign_name_text(name);
    const std::string begin =
        std::string("hyperparameter \"") + name + "\" is unknown; here it is \"";
    ASSERT_THAT(text, StartsWith(begin));
    const std::string told = text.substr(begin.size(), text.find('"', begin.size()) - begin.size());
    EXPECT_THAT(ours, testing::Contains(told)) << name;
  }
}

TEST(ForeignNames, OurOwnAndUnknownOnesAreNoneOfThem) {
  EXPECT_THAT(foreign_name_text("epohcs"), IsEmpty());
  for (const std::string_view name : hyperparameter_names()) {
    EXPECT_THAT(foreign_name_text(name), IsEmpty()) << name;
  }
}

}  // namespace
}  // namespace ringmaker::train
