#include "train/job/foreign_names.h"

#include "train/job/job.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ringmaker::train {
namespace {

using testing::IsEmpty;
using testing::StartsWith;

TEST(ForeignNames, ThoseOfXgboostAreTold) {
  for (const char* name : {"alpha", "eta", "max_depth", "num_round", "objective", "verbosity"}) {
    EXPECT_THAT(foreign_name_text(name), StartsWith(std::string("hyperparameter \"") + name +
                                                    "\" is a name of XGBoost; "
                                                    "linear models are trained here"));
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
