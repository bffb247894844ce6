#include "model/model.h"

#include "tests/model/model_test_support.h"

#include <gtest/gtest.h>

#include <functional>
#include <limits>

namespace ringmaker::model {
namespace {

TEST(Model, AModelWhoseShapesDisagreeDoesNotCompile) {
  struct Case {
    std::string_view reason;
    std::function<void(Model&, LinearParameters&)> spoil;
  };
  const Case cases[] = {
      {"weights", [](Model&, LinearParameters& p) { p.weights.pop_back(); }},
      {"bias", [](Model&, LinearParameters& p) { p.bias.push_back(0); }},
      {"fill", [](Model&, LinearParameters& p) { p.fill.clear(); }},
      {"finite", [](Model&, LinearParameters& p) { p.weights[1] = HUGE_VALF; }},
      {"no features", [](Model& m, LinearParameters&) { m.schema.feature_names.clear(); }},
      {"classes", [](Model& m, LinearParameters&) { m.output.class_names = {"one"}; }},
      {"link", [](Model&, LinearParameters& p) { p.link = Link::kSoftmax; }},
      {"has no margins", [](Model& m, LinearParameters&) { m.output.margin = true; }},
      {"answers margins", [](Model&, LinearParameters& p) { p.link = Link::kIdentity; }},
      {"threshold",
       [](Model& m, LinearParameters&) {
         m.output.threshold = std::numeric_limits<float>::quiet_NaN();
       }},
  };
  for (const Case& one : cases) {
    Model model = random_linear(Link::kLogistic, 3, 1, 1);
    one.spoil(model, std::get<LinearParameters>(model.parameters));
    const auto predictor = compile(model, base::InstructionSet::kPortable);
    ASSERT_FALSE(predictor) << one.reason;
    EXPECT_NE(predictor.error().message().find(one.reason), std::string::npos)
        << predictor.error().message();
  }
}

TEST(Model, KindNamesTheFamily) {
  EXPECT_EQ(kind(random_linear(Link::kIdentity, 1, 1, 1)), "linear");
}

}  // namespace
}  // namespace ringmaker::model
