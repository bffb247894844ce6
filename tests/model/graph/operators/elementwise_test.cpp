#include "tests/model/graph/graph_test_support.h"

#include <cmath>

namespace ringmaker::model {
namespace {

using testing::ElementsAre;
using testing::FloatNear;
using testing::HasSubstr;
using testing::NanSensitiveFloatEq;
using testing::Pointwise;

struct Case {
  std::string op;
  OnnxAttributes attributes;
  std::vector<float> x;
  std::vector<float> y;
};

class Elementwise : public testing::TestWithParam<Case> {};

TEST_P(Elementwise, IsAppliedToEveryValue) {
  const Case& one = GetParam();
  EXPECT_THAT(answers_of(one.op, one.x, one.x.size(), one.attributes),
              Pointwise(FloatNear(1e-6F), one.y));
}

INSTANTIATE_TEST_SUITE_P(
    Operators, Elementwise,
    testing::Values(
        Case{"Abs", {}, {-2, 3}, {2, 3}}, Case{"Neg", {}, {-2, 3}, {2, -3}},
        Case{"Sign", {}, {-2, 0, 3}, {-1, 0, 1}}, Case{"Floor", {}, {-1.5, 1.5}, {-2, 1}},
        Case{"Ceil", {}, {-1.5, 1.5}, {-1, 2}}, Case{"Round", {}, {0.5, 1.5, -2.5}, {0, 2, -2}},
        Case{"Exp", {}, {0, 1}, {1, 2.7182818F}}, Case{"Log", {}, {1, 2.7182818F}, {0, 1}},
        Case{"Sqrt", {}, {4, 9}, {2, 3}}, Case{"Reciprocal", {}, {4, -2}, {0.25, -0.5}},
        Case{"Relu", {}, {-1, 2}, {0, 2}}, Case{"LeakyRelu", {}, {-1, 2}, {-0.01F, 2}},
        Case{"LeakyRelu", {{"alpha", 0.5F}}, {-1, 2}, {-0.5, 2}},
        Case{"Elu", {}, {-1, 2}, {-0.63212056F, 2}},
        Case{"Selu", {}, {-1, 1}, {-1.1113307F, 1.0507009F}},
        Case{"Sigmoid", {}, {0, 2, -200}, {0.5, 0.88079708F, 0}},
        Case{"HardSigmoid", {}, {-9, 0, 9}, {0, 0.5, 1}},
        Case{"Softplus", {}, {0, 100}, {0.6931472F, 100}},
        Case{"Softsign", {}, {-1, 3}, {-0.5, 0.75}}, Case{"Tanh", {}, {0, 1}, {0, 0.76159416F}},
        Case{"Erf", {}, {0, 1}, {0, 0.84270079F}}, Case{"Dropout", {}, {1, 2}, {1, 2}},
        Case{"Identity", {}, {1, 2}, {1, 2}}),
    [](const auto& one) { return one.param.op + std::to_string(one.index); });

TEST(Elementwise, ClipKeepsWhatIsNoNumber) {
  EXPECT_THAT(answers_of("Clip", {-9, NAN, 9}, 3, {}, {floats({-1}, {}), floats({2}, {})}),
              ElementsAre(-1, NanSensitiveFloatEq(NAN), 2));
}

TEST(Elementwise, CastTruncatesAndTakesWhatAProcessorOfX86Makes) {
  EXPECT_THAT(answers_of("Cast", {-1.7F, 2.9F, 1e30F}, 3, {{"to", int64_t{7}}}),
              ElementsAre(-1, 2, -9223372036854775808.0F));
  EXPECT_THAT(answers_of("Cast", {0, 0.5F, -3}, 3, {{"to", int64_t{9}}}), ElementsAre(0, 1, 1));
  EXPECT_THAT(error_of(one_node("Cast", 1, {{"to", int64_t{8}}})),
              HasSubstr("casts between texts and numbers are not read"));
}

TEST(Elementwise, BeforeOpsetSixACastNamesItsType) {
  const auto file = [](const test::OnnxValue& to, int64_t opset) {
    return OnnxWriter()
        .input("x", kOnnxFloat, {-1, 2})
        .node("Cast", {"x"}, {"whole"}, {{"to", std::string("INT64")}})
        .node("Cast", {"whole"}, {"y"}, {{"to", to}})
        .output("y")
        .file({{"", opset}});
  };
  EXPECT_THAT(outputs_of_file(file(std::string("FLOAT"), 5), {-1.7F, 2.9F}), ElementsAre(-1, 2));
  EXPECT_THAT(error_of(file(std::string("FLOAT128"), 5)),
              HasSubstr("attribute \"to\" is \"FLOAT128\", expected the name of a type"));
  EXPECT_THAT(error_of(file(int64_t{1}, 5)),
              HasSubstr("attribute \"to\" is an integer, expected a text"));
  EXPECT_THAT(error_of(file(std::string("FLOAT"), 6)),
              HasSubstr("attribute \"to\" is a text, expected an integer"));
}

TEST(Elementwise, WhatIsNotANumberIsNotCutToOne) {
  EXPECT_THAT(answers_of("HardSigmoid", {NAN}, 1), ElementsAre(testing::IsNan()));
}

TEST(Elementwise, TruthIsTurnedRound) {
  const std::string file = OnnxWriter()
                               .input("x", kOnnxFloat, {-1, 2})
                               .node("IsNaN", {"x"}, {"n"})
                               .node("Not", {"n"}, {"y"})
                               .output("y", kOnnxBool)
                               .file();
  EXPECT_THAT(outputs_of_file(file, {1, NAN}), ElementsAre(1, 0));
}

TEST(Elementwise, AnAttributeOfAnotherKindIsRefusedByItsName) {
  EXPECT_THAT(error_of(one_node("LeakyRelu", 1, {{"alpha", int64_t{1}}})),
              HasSubstr("node of \"y\" (LeakyRelu): attribute \"alpha\" is an integer, expected a "
                        "number"));
}

}  // namespace
}  // namespace ringmaker::model
