#include "codec/tensors/tensor_set.h"

#include "tests/codec/decoding.h"

#include <gtest/gtest.h>

namespace ringmaker::codec {
namespace {

using Role = TensorHead::Role;

TensorHead head_of(std::string name, std::vector<uint64_t> shape,
                   TensorType type = TensorType::kFp32) {
  TensorHead head;
  head.name = std::move(name);
  head.shape = std::move(shape);
  head.type = type;
  return head;
}

class TensorSetTest : public testing::Test {
 protected:
  std::string admit(TensorHead head) { return set_.admit(head).text; }

  data::Schema schema_ = schema_of({"age", "mass"});
  TensorSet set_{schema_};
};

TEST_F(TensorSetTest, OneOfWholeRowsIsAlone) {
  EXPECT_EQ(admit(head_of("x", {3, 2})), "");
  EXPECT_TRUE(set_.has_rows());
  EXPECT_EQ(admit(head_of("y", {3, 2})),
            "it holds whole rows, but is not the only one that holds values");
  EXPECT_EQ(admit(head_of("age", {3})), "it stands beside one that holds whole rows");
  set_.reset();
  EXPECT_FALSE(set_.has_rows());
}

TEST_F(TensorSetTest, ColumnsAreOneForEachFeatureAndOfOneLength) {
  EXPECT_EQ(admit(head_of("mass", {3})), "");
  EXPECT_EQ(set_.columns().lacking(), "age");
  EXPECT_EQ(admit(head_of("mass", {3, 1})), "it is there twice");
  EXPECT_EQ(admit(head_of("age", {4})), "it has 4 rows, others have 3");
  EXPECT_EQ(admit(head_of("age", {3})), "");
  EXPECT_EQ(set_.columns().lacking(), std::nullopt);
  EXPECT_EQ(set_.column_rows(), 3U);
}

TEST_F(TensorSetTest, OthersAreIgnoredAndTold) {
  TensorHead other = head_of("label", {3});
  EXPECT_EQ(set_.admit(other).text, "");
  EXPECT_EQ(other.role, Role::kIgnored);
  EXPECT_TRUE(set_.ignored_columns());
}

TEST_F(TensorSetTest, TextsComeAsBytesAndNumbersAsNumbers) {
  schema_.text_features = {true, false};
  schema_.category_names = {{"red"}, {}};
  const std::string text = "this feature is a text, which comes as BYTES, in a tensor of its own";
  EXPECT_EQ(admit(head_of("age", {3})), text);
  TensorHead numbers = head_of("x", {3, 2});
  const TensorSet::Problem of_numbers = set_.admit(numbers);
  EXPECT_EQ(of_numbers.text, text);
  EXPECT_EQ(of_numbers.column, 1U);
  TensorHead texts = head_of("x", {3, 2}, TensorType::kBytes);
  const TensorSet::Problem of_texts = set_.admit(texts);
  EXPECT_EQ(of_texts.text, "BYTES are texts, but this feature is a number");
  EXPECT_EQ(of_texts.column, 2U);
  EXPECT_EQ(admit(head_of("age", {3}, TensorType::kBytes)), "");
  EXPECT_EQ(admit(head_of("other", {3}, TensorType::kBytes)), "") << "it is not looked at";
}

TEST_F(TensorSetTest, WhatIsGatheredIsBounded) {
  const uint64_t rows_max = TensorSet::kGatheredBytesMax / sizeof(double) / 2;
  EXPECT_EQ(admit(head_of("age", {rows_max})), "");
  EXPECT_EQ(admit(head_of("label", {rows_max + 1})),
            "tensors of so many rows are over 64 MiB; send one of whole rows");
  set_.reset();
  EXPECT_EQ(admit(head_of("x", {rows_max + 1, 2})), "") << "whole rows are not gathered";
}

}  // namespace
}  // namespace ringmaker::codec
