#include "train/job/request.h"

#include "tests/support/as_another_user.h"
#include "tests/support/program.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

namespace ringmaker::train {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// A job inside SageMaker, and what keeps it from reading its data.
class RequestTest : public testing::Test {
 protected:
  RequestTest() {
    root_.write("input/config/hyperparameters.json", R"({"predictor_type": "regressor"})");
    root_.write("input/data/train/a.csv", "1,2\n3,4\n");
  }
  std::vector<std::string> errors() const {
    JobOptions options;
    options.base_dir = root_.path();
    std::vector<std::string> sentences;
    for (const base::Error& error : check_job(options)) {
      sentences.push_back(error.message());
    }
    return sentences;
  }
  test::TemporaryDirectory root_;
};

TEST_F(RequestTest, AJobThatCanReadItsDataIsLeftAsItIs) {
  EXPECT_THAT(errors(), IsEmpty());
  EXPECT_FALSE(root_.exists("model")) << "nothing is made by looking";
}

TEST_F(RequestTest, ChannelsHyperparametersAndFilesAreCheckedEach) {
  root_.write("input/config/hyperparameters.json", R"({"predictor_typ": "regressor"})");
  root_.write("input/config/inputdataconfig.json",
              R"({"train": {"TrainingInputMode": "Pipe"}, "test": {}})");
  EXPECT_THAT(errors(), ElementsAre(HasSubstr("the train channel uses Pipe mode"),
                                    HasSubstr("did you mean \"predictor_type\"?"),
                                    HasSubstr("the test channel has no data")));
}

TEST_F(RequestTest, ChannelsAreCheckedBeforeTheRestOfThePlanAndWithoutIt) {
  root_.write("input/config/inputdataconfig.json",
              R"({"validation": {"TrainingInputMode": "Pipe"}})");
  std::filesystem::remove_all(root_.path("input/data/train"));
  EXPECT_THAT(errors(), ElementsAre(HasSubstr("the validation channel uses Pipe mode"),
                                    HasSubstr("there is no train channel")));
}

TEST_F(RequestTest, WhatIsNoDescriptionIsToldOnce) {
  root_.write("input/config/hyperparameters.json", "{");
  EXPECT_THAT(errors(), ElementsAre(HasSubstr("hyperparameters.json")));
}

TEST_F(RequestTest, WhatTheDataIsSaidToBeLikeIsCheckedBeforeItIsRead) {
  for (const char* declared : {"feature_dim", "num_classes", "csv_header", "csv_weights"}) {
    root_.write("input/config/hyperparameters.json",
                std::string(R"({"predictor_type": "regressor", ")") + declared + R"(": "some"})");
    EXPECT_THAT(errors(), ElementsAre(HasSubstr(declared)));
  }
}

TEST_F(RequestTest, AFileThatMayNotBeReadIsTold) {
  if (!test::can_be_another_user()) {
    GTEST_SKIP() << "only root can become another user: NOT CHECKED";
  }
  std::filesystem::permissions(root_.path(), std::filesystem::perms::all);
  std::filesystem::permissions(root_.path("input/data/train/a.csv"),
                               std::filesystem::perms::owner_read);
  const test::AsAnotherUser stranger;
  EXPECT_THAT(errors(), ElementsAre("cannot open " + root_.path("input/data/train/a.csv") +
                                    ": Permission denied"));
}

}  // namespace
}  // namespace ringmaker::train
