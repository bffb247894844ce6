#include "codec/tensors/tensor_wishes.h"

#include <gtest/gtest.h>

namespace ringmaker::codec {
namespace {

TensorMember member(std::string json) {
  wire::JsonEvents events;
  TensorMember read;
  read.reset();
  json = '[' + json + ']';
  const size_t size = json.size();
  json.append(wire::JsonEvents::kPadding, ' ');
  EXPECT_EQ(events.parse({json.data(), size}, read).outcome, wire::JsonOutcome::kComplete);
  return read;
}

TEST(TensorWishes, OutputsThatDoNotSayComeAsTheRequestSays) {
  const TensorMember plain = member(R"({"name":"labels"})");
  const TensorMember bytes = member(R"({"name":"probability","parameters":{"binary_data":true}})");
  TensorWishes wishes;
  EXPECT_EQ(wishes.binary_outputs(), BinaryOutputs::kNone);
  wishes.take_output(bytes);
  EXPECT_EQ(wishes.binary_outputs(), BinaryOutputs::kAll);
  wishes.take_output(plain);
  EXPECT_EQ(wishes.binary_outputs(), BinaryOutputs::kSome);
  wishes.take_parameters(member(R"({"binary_data_output":true})"));
  EXPECT_EQ(wishes.binary_outputs(), BinaryOutputs::kAll);
  EXPECT_EQ(wishes.outputs(), "probability,labels");
  wishes.reset();
  EXPECT_EQ(wishes.outputs(), std::nullopt);
}

}  // namespace
}  // namespace ringmaker::codec
