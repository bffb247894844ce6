#include "codec/tensors/tensor_data.h"

#include "codec/tensors/tensor_values.h"
#include "tests/codec/decoding.h"

#include <gtest/gtest.h>

#include <array>

namespace ringmaker::codec {
namespace {

class TensorDataTest : public testing::Test {
 protected:
  TensorDataTest() {
    values_.begin_tensor(TensorType::kFp32, std::nullopt, 2);
    data_.begin();
  }
  TensorData::Read read(size_t rows_max = 8) {
    return data_.read(rows_max, 2, values_, rows_.data(), nullptr);
  }

  data::Schema schema_ = schema_of({"a", "b"});
  wire::JsonEvents events_;
  CategoryIndex categories_{schema_};
  TensorValues values_{schema_, categories_};
  TensorData data_{events_, 1000};
  std::array<float, 16> rows_{};
};

TEST_F(TensorDataTest, FlatValuesAreRowsOnceTheirCommasHaveCome) {
  data_.append("1,2,3", 100, true);
  EXPECT_EQ(data_.rows_in_hand(2), 1U);
  EXPECT_EQ(read().rows, 1U);
  data_.append(",4.5,6", 105, true);
  data_.end_element();
  EXPECT_EQ(data_.rows_in_hand(2), 1U);
  EXPECT_EQ(data_.values_over(2), 1U);
  EXPECT_EQ(read().rows, 1U);
  EXPECT_EQ(rows_[1], 4.5F);
}

TEST_F(TensorDataTest, RowsBeforeAnErrorCount) {
  data_.append("1,2,3,x,5,6", 100, true);
  data_.end_element();
  const TensorData::Read got = read();
  EXPECT_FALSE(got.good);
  EXPECT_EQ(got.rows, 1U);
  EXPECT_EQ(data_.error().code, DecodeErrorCode::kJsonSyntax);
}

TEST_F(TensorDataTest, NestedRowsAreReadUpToWhatThereIsRoomFor) {
  for (const char* const row : {"[1,2]", " [3,4]", "[5,6]"}) {
    data_.append(row, 0, false);
    data_.end_element();
  }
  EXPECT_EQ(data_.rows_in_hand(2), 3U);
  EXPECT_EQ(read(2).rows, 2U);
  EXPECT_EQ(data_.rows_in_hand(2), 1U);
  EXPECT_EQ(read(2).rows, 1U);
  EXPECT_EQ(rows_[0], 5.0F);
}

TEST_F(TensorDataTest, ARowThatIsTooLongIsRefusedWholeOrNot) {
  data_.append("1," + std::string(1000, ' '), 0, true);
  EXPECT_TRUE(data_.too_long(2));
  data_.append("2", 1002, true);
  data_.end_element();
  EXPECT_FALSE(data_.too_long(2));
  EXPECT_FALSE(read().good);
  EXPECT_EQ(data_.error().code, DecodeErrorCode::kRowTooLong);
}

TEST(TensorValues, AColumnIsGathered) {
  const data::Schema schema = schema_of({"a", "b"});
  const CategoryIndex categories(schema);
  wire::JsonEvents events;
  TensorValues values(schema, categories);
  values.begin_tensor(TensorType::kInt8, 1, 1);
  TensorData data(events, 1000);
  data.begin();
  data.append("7,null,300", 0, true);
  data.end_element();
  std::vector<double> gathered;
  const TensorData::Read got = data.read(3, 1, values, nullptr, &gathered);
  EXPECT_FALSE(got.good);
  EXPECT_EQ(got.rows, 2U);
  EXPECT_EQ(gathered.size(), 2U);
  EXPECT_EQ(data.error().code, DecodeErrorCode::kTensorValue);
  EXPECT_EQ(data.error().feature, 2U);
}

}  // namespace
}  // namespace ringmaker::codec
