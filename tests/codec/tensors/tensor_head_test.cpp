#include "codec/tensors/tensor_head.h"

#include "tests/codec/decoding.h"

#include <gtest/gtest.h>

namespace ringmaker::codec {
namespace {

using Role = TensorHead::Role;

TensorHead settled(const std::vector<std::string>& names, std::string name,
                   std::vector<uint64_t> shape, bool beside_columns = false) {
  const data::Schema schema = schema_of(names);
  const FeatureIndex features(schema);
  TensorHead head;
  head.name = std::move(name);
  head.type = TensorType::kFp32;
  head.shape = std::move(shape);
  const std::string problem = head.settle(schema, features, beside_columns);
  EXPECT_EQ(problem.empty(), head.role != Role::kUnknown) << problem;
  return head;
}

TEST(TensorHead, WholeRowsAreKnownByTheirWidth) {
  const TensorHead head = settled({"a", "b"}, "a", {7, 2});
  EXPECT_EQ(head.role, Role::kRows);
  EXPECT_EQ(head.rows, 7U);
  EXPECT_EQ(head.columns, 2U);
}

TEST(TensorHead, AColumnIsKnownByItsName) {
  EXPECT_EQ(settled({"a", "b"}, "b", {7}).role, Role::kColumn);
  EXPECT_EQ(settled({"a", "b"}, "b", {7, 1}).feature, 1U);
  EXPECT_EQ(settled({"a", "b"}, "c", {7, 1}).role, Role::kIgnored);
}

TEST(TensorHead, OneDimensionIsARowWhereNothingElseFits) {
  const TensorHead head = settled({"a", "b"}, "x", {2});
  EXPECT_EQ(head.role, Role::kRows);
  EXPECT_EQ(head.rows, 1U);
  EXPECT_EQ(settled({"a", "b"}, "x", {2}, true).role, Role::kIgnored);
  EXPECT_EQ(settled({"a"}, "x", {2}).rows, 2U);
}

TEST(TensorHead, OtherShapesAreRefused) {
  EXPECT_EQ(settled({"a", "b"}, "x", {7, 3}).role, Role::kUnknown);
  EXPECT_EQ(settled({"a", "b"}, "x", {1, 7, 2}).role, Role::kUnknown);
  EXPECT_EQ(settled({"a", "b"}, "x", {}).role, Role::kUnknown);
}

}  // namespace
}  // namespace ringmaker::codec
