// What people complain about in other serving stacks, and why it cannot happen here.
#include "tests/contract/iris_model.h"
#include "tests/support/program.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace ringmaker {
namespace {

using testing::HasSubstr;

test::HttpAnswer asked(test::Program::Variables variables, const std::string& path,
                       const std::string& fields = {}, const std::string& body = {}) {
  const int port = test::free_port();
  variables["SAGEMAKER_BASE_DIR"] = IrisModel::directory().path();
  variables["SAGEMAKER_BIND_TO_PORT"] = std::to_string(port);
  test::Program server({"serve"}, variables);
  if (!test::wait_until_healthy(port, server)) {
    ADD_FAILURE() << server.errors();
    return {};
  }
  return body.empty() ? test::get(port, path) : test::post(port, path, fields, body);
}

/// The SDK's local mode sets SAGEMAKER_BATCH=True and raises ValueError at MULTI_RECORD.
TEST(Complaint, MultiRecordDoesNotBreakLocalMode) {
  const auto strategy = [](const char* batch) {
    return asked({{"SAGEMAKER_BATCH", batch}}, "/execution-parameters").body;
  };
  EXPECT_THAT(strategy("True"), HasSubstr(R"("BatchStrategy":"MultiRecord")"));
  EXPECT_THAT(strategy("true"), HasSubstr(R"("BatchStrategy":"MULTI_RECORD")"));
}

/// A classifier's answer need not be a label, nor a label a guess from a score.
TEST(Complaint, ProbabilitiesAreThereForTheAsking) {
  const auto answer =
      asked({}, "/invocations",
            "Content-Type: text/csv\r\nAccept: application/jsonlines\r\n"
            "X-Amzn-SageMaker-Custom-Attributes: outputs=predicted_label,probability,labels\r\n",
            "5.1,3.5,1.4,0.2\n");
  EXPECT_THAT(answer.body,
              testing::MatchesRegex(R"(\{"predicted_label":"setosa","probability":0\.98[0-9]*,)"
                                    R"("labels":\["setosa","versicolor","virginica"\]\}\n)"));
}

}  // namespace
}  // namespace ringmaker
