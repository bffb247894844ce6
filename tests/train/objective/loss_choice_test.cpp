#include "train/objective/loss_choice.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ringmaker::train {
namespace {

using data::Task;
using testing::HasSubstr;

TEST(LossChoice, EveryNameIsOfTheLossItMakes) {
  for (const std::string_view text : loss_names()) {
    const LossKind kind = loss_named(text);
    EXPECT_EQ(name(kind), text);
    if (kind != LossKind::kAuto) {
      EXPECT_EQ(make_loss({.kind = kind})->name(), text);
    }
  }
}

TEST(LossChoice, AutoIsByTheTask) {
  EXPECT_EQ(loss_for(LossKind::kAuto, Task::kRegression), LossKind::kSquared);
  EXPECT_EQ(loss_for(LossKind::kAuto, Task::kBinary), LossKind::kLogistic);
  EXPECT_EQ(loss_for(LossKind::kAuto, Task::kMulticlass), LossKind::kSoftmax);
  EXPECT_EQ(loss_for(LossKind::kHinge, Task::kBinary), LossKind::kHinge);
  EXPECT_EQ(loss_for(LossKind::kSoftmax, Task::kBinary), LossKind::kLogistic);
}

TEST(LossChoice, ALossOfAnotherTaskIsRefusedWithThoseThatFit) {
  const auto wrong = loss_for(LossKind::kHinge, Task::kRegression);
  ASSERT_FALSE(wrong);
  EXPECT_THAT(wrong.error().message(),
              HasSubstr("hyperparameter \"loss\" is \"hinge_loss\"; a regression model"));
  EXPECT_THAT(wrong.error().message(), HasSubstr("huber_loss"));
  EXPECT_FALSE(loss_for(LossKind::kSquared, Task::kBinary));
  EXPECT_FALSE(loss_for(LossKind::kLogistic, Task::kMulticlass));
}

TEST(LossChoice, LossesWithAKinkAreToldApart) {
  for (const LossKind kind : {LossKind::kAbsolute, LossKind::kQuantile, LossKind::kHinge,
                              LossKind::kEpsInsensitiveAbsolute}) {
    EXPECT_FALSE(make_loss({.kind = kind})->smooth()) << name(kind);
  }
  for (const LossKind kind : {LossKind::kSquared, LossKind::kHuber, LossKind::kLogistic,
                              LossKind::kSoftmax, LossKind::kEpsInsensitiveSquared}) {
    EXPECT_TRUE(make_loss({.kind = kind})->smooth()) << name(kind);
  }
}

}  // namespace
}  // namespace ringmaker::train
