// The model behind /invocations on its way from disk, while the server already answers.
#include "serve/own_model.h"

#include "base/atomic_file.h"
#include "model/artifact.h"
#include "tests/model/model_test_support.h"
#include "tests/support/as_another_user.h"
#include "tests/support/no_more_threads.h"
#include "tests/support/program.h"
#include "wire/little_endian.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <limits>
#include <string>
#include <utility>

namespace ringmaker::serve {
namespace {

using testing::HasSubstr;

class OwnModelTest : public testing::Test {
 protected:
  void SetUp() override {
    options_.model_dir = files_.path("model");
    files_.write("model/.keep", "");
    ASSERT_TRUE(base::write_file_atomically(
        options_.model_dir + "/" + std::string(model::kArtifactFileName),
        model::encode_artifact(model::random_linear(model::Link::kIdentity, 3, 1, 7))));
  }
  base::Result<OwnModel> wait(OwnModelLoading& loading) const {
    for (;;) {
      (void)signals_.wait(UINT64_MAX);
      if (auto outcome = loading.take()) {
        return std::move(*outcome);
      }
    }
  }

  test::TemporaryDirectory files_;
  config::ServeOptions options_;
  const io::Signals signals_;
};

TEST_F(OwnModelTest, WakesWhoWaitsForSignalsOnceItIsThere) {
  OwnModelLoading loading(options_, signals_);
  const auto own = wait(loading);
  ASSERT_TRUE(own) << own.error().message();
  EXPECT_EQ(own->predictor->schema().feature_count(), 3U);
  EXPECT_FALSE(loading.take()) << "once";
}

TEST_F(OwnModelTest, WhatCannotBeLoadedIsAnOutcomeToo) {
  files_.write("model/" + std::string(model::kArtifactFileName),
               "no model at all, whatever it says");
  OwnModelLoading loading(options_, signals_);
  const auto own = wait(loading);
  ASSERT_FALSE(own);
  EXPECT_THAT(own.error().message(), HasSubstr("model.ringmaker"));
}

TEST_F(OwnModelTest, AModelThatAnswersNoNumberIsNamed) {
  model::Model model = model::random_linear(model::Link::kIdentity, 2, 1, 7);
  auto& linear = std::get<model::LinearParameters>(model.parameters);
  linear.weights.assign(2, std::numeric_limits<float>::max());
  linear.fill.assign(2, std::numeric_limits<float>::max());
  const std::string path = options_.model_dir + "/" + std::string(model::kArtifactFileName);
  ASSERT_TRUE(base::write_file_atomically(path, model::encode_artifact(model)));
  OwnModelLoading loading(options_, signals_);
  const auto own = wait(loading);
  ASSERT_FALSE(own);
  EXPECT_THAT(own.error().message(),
              testing::AllOf(HasSubstr(path + ": "), HasSubstr("no finite number")));
}

TEST_F(OwnModelTest, AThreadThatCannotBeStartedIsAnOutcomeToo) {
  const test::NoMoreThreads none;
  OwnModelLoading loading(options_, signals_);
  const auto own = wait(loading);
  ASSERT_FALSE(own);
  EXPECT_THAT(own.error().message(), HasSubstr("cannot start a thread"));
}

TEST_F(OwnModelTest, ThereIsNoneWhereTheDirectoryIsMissingUnlessItIsNamed) {
  EXPECT_TRUE(has_own_model(options_));
  options_.multi_model = true;
  EXPECT_FALSE(has_own_model(options_));
  options_.multi_model = false;
  options_.model_dir = files_.path("gone");
  EXPECT_FALSE(has_own_model(options_));
  options_.model_dir_is_given = true;
  EXPECT_TRUE(has_own_model(options_));
}

TEST_F(OwnModelTest, OneThatMayNotBeLookedAtIsThereAndCannotBeLoaded) {
  if (!test::can_be_another_user()) {
    GTEST_SKIP() << "only root can become another user: NOT CHECKED";
  }
  const test::AsAnotherUser stranger;  // to whom the directory above is closed
  EXPECT_TRUE(has_own_model(options_));
  const std::atomic<bool> cancelled{false};
  const auto own = load_own_model(options_, cancelled);
  ASSERT_FALSE(own);
  EXPECT_EQ(own.error().code(), base::ErrorCode::kPlatform);
  EXPECT_THAT(own.error().message(),
              testing::AllOf(HasSubstr("cannot look at"), HasSubstr("model: Permission denied")));
}

TEST_F(OwnModelTest, ReadingEndsWhenItIsNoLongerWanted) {
  const std::string path = options_.model_dir + "/" + std::string(model::kArtifactFileName);
  constexpr uint64_t kBytes = uint64_t{64} << 20;
  auto start = model::encode_artifact(model::random_linear(model::Link::kIdentity, 3, 1, 7));
  wire::store_little_endian<uint64_t>(&start[16], kBytes);
  ASSERT_TRUE(base::write_file_atomically(path, start));
  std::filesystem::resize_file(path, kBytes);
  const std::atomic<bool> cancelled{true};
  const auto own = load_own_model(options_, cancelled);
  ASSERT_FALSE(own);
  EXPECT_EQ(own.error().code(), base::ErrorCode::kCancelled);
}

}  // namespace
}  // namespace ringmaker::serve
