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
  const TensorMember text =
      member(R"({"name":"probabilities","parameters":{"binary_data":false}})");
  TensorWishes wishes;
  EXPECT_FALSE(wishes.wants_bytes(0));
  wishes.take_output(bytes);
  wishes.take_output(plain);
  wishes.take_output(text);
  EXPECT_TRUE(wishes.wants_bytes(0));
  EXPECT_FALSE(wishes.wants_bytes(1));
  EXPECT_FALSE(wishes.wants_bytes(2));
  wishes.take_parameters(member(R"({"binary_data_output":true})"));
  EXPECT_TRUE(wishes.wants_bytes(0));
  EXPECT_TRUE(wishes.wants_bytes(1));
  EXPECT_FALSE(wishes.wants_bytes(2)) << "it has said so itself";
  EXPECT_EQ(wishes.outputs(), "probability,labels,probabilities");
  wishes.reset();
  EXPECT_EQ(wishes.outputs(), std::nullopt);
  EXPECT_FALSE(wishes.wants_bytes(0));
  wishes.take_parameters(member(R"({"binary_data_output":true})"));
  EXPECT_TRUE(wishes.wants_bytes(0) && wishes.wants_bytes(1)) << "all that there are";
}

}  // namespace
}  // namespace ringmaker::codec
