// Where a request says what its answer shall hold.
#include "serve/requested_outputs.h"

#include "tests/serve/fake_exchange.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ringmaker::serve {
namespace {

using codec::OutputField;
using testing::ElementsAre;
using testing::HasSubstr;

TEST(RequestedOutputs, TheAttributeStandsAloneOrAmongOthers) {
  EXPECT_EQ(outputs_attribute("outputs=labels"), "labels");
  EXPECT_EQ(outputs_attribute("trace=1; Outputs =labels,probability; x=2"), "labels,probability");
  EXPECT_EQ(outputs_attribute("trace=1,outputs=labels,probability,x=2,y=3"), "labels,probability");
  EXPECT_EQ(outputs_attribute("outputs="), "");
  EXPECT_EQ(outputs_attribute("outputs=a=b"), "a=b") << "no name, and said to be none";
  for (const char* none : {"", ";", "=", "c000b4f9-df62", "my_outputs=labels", "x=outputs",
                           "outputs", "outputs;labels=1"}) {
    EXPECT_EQ(outputs_attribute(none), std::nullopt) << none;
  }
}

TEST(RequestedOutputs, TheRequestBeatsWhatIsConfigured) {
  const data::OutputSchema binary{.task = data::Task::kBinary};
  const auto configured = codec::OutputSelection::parse("labels").value();
  const auto asked = [&](const char* attributes) {
    FakeExchange exchange(http::Method::kPost, "/invocations",
                          {{"X-Amzn-SageMaker-Custom-Attributes", attributes}}, "");
    return requested_outputs(exchange.head(), configured, binary);
  };
  EXPECT_THAT(asked("x=1")->fields(), ElementsAre(OutputField::kLabels));
  EXPECT_THAT(asked("outputs=probability")->fields(), ElementsAre(OutputField::kProbability));
  EXPECT_THAT(asked("outputs=score").error().message(), HasSubstr("\"score\" is unknown"));
  EXPECT_THAT(asked("outputs=predicted_score").error().message(),
              HasSubstr("this model does not give the output predicted_score"));
}

}  // namespace
}  // namespace ringmaker::serve
