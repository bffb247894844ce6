#include "codec/tensors/tensor_columns.h"

#include "tests/codec/decoding.h"

#include <gtest/gtest.h>

#include <array>

namespace ringmaker::codec {
namespace {

TEST(TensorColumns, RowsAreWrittenOnceEveryFeatureIsThere) {
  const data::Schema schema = schema_of({"a", "b"});
  TensorColumns columns(schema);
  columns.begin(1);
  columns.of(1) = {2, 4};
  EXPECT_EQ(columns.lacking(), "a");
  columns.begin(0);
  columns.of(0) = {1, 3};
  EXPECT_EQ(columns.lacking(), std::nullopt);
  std::array<float, 2> row{};
  columns.write(1, row.data());
  EXPECT_EQ(row, (std::array<float, 2>{3, 4}));
  columns.reset();
  EXPECT_FALSE(columns.has(1));
  EXPECT_TRUE(columns.of(0).empty());
}

}  // namespace
}  // namespace ringmaker::codec
