#include "codec/tensors/tensor_member.h"

#include <gtest/gtest.h>

namespace ringmaker::codec {
namespace {

using Kind = TensorMember::Kind;

TensorMember read(std::string json) {
  wire::JsonEvents events;
  TensorMember member;
  member.reset();
  json = '[' + json + ']';
  const size_t size = json.size();
  json.append(wire::JsonEvents::kPadding, ' ');
  EXPECT_EQ(events.parse({json.data(), size}, member).outcome, wire::JsonOutcome::kComplete);
  return member;
}

TEST(TensorMember, TextsAndShapes) {
  EXPECT_EQ(read("\"FP32\"").text(), "FP32");
  EXPECT_EQ(read("\"FP32\"").kind(), Kind::kText);
  EXPECT_EQ(read("[2, 3]").numbers(), (std::vector<uint64_t>{2, 3}));
  EXPECT_EQ(read("[2, 3]").kind(), Kind::kNumbers);
  for (const char* const odd :
       {"[2, -1]", "[2, [3]]", "[\"2\"]", "[1.5]", "[1e300]", "[null]", "7"}) {
    EXPECT_EQ(read(odd).kind(), Kind::kOther) << odd;
  }
}

TEST(TensorMember, ParametersThatMatter) {
  const TensorMember parameters =
      read(R"({"binary_data_size":24,"binary_data_output":true,"other":[1,{"name":"x"}]})");
  EXPECT_EQ(parameters.kind(), Kind::kObject);
  EXPECT_EQ(parameters.binary_bytes(), 24U);
  EXPECT_EQ(parameters.binary_output(), true);
  EXPECT_EQ(parameters.text(), std::nullopt);
  EXPECT_EQ(read(R"({"binary_data_size":-1})").binary_bytes(), std::nullopt);
}

TEST(TensorMember, AnOutputHasANameAndMaySayHowItComes) {
  const TensorMember output = read(R"({"name":"labels","parameters":{"binary_data":false}})");
  EXPECT_EQ(output.text(), "labels");
  EXPECT_EQ(output.binary(), false);
}

}  // namespace
}  // namespace ringmaker::codec
