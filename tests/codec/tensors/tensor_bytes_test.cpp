#include "codec/tensors/tensor_bytes.h"

#include "data/dense_block.h"
#include "tests/codec/decoding.h"
#include "wire/little_endian.h"

#include <gtest/gtest.h>

#include <string>

namespace ringmaker::codec {
namespace {

TensorHead head_of(TensorHead::Role role, uint64_t rows, size_t columns, uint64_t bytes) {
  TensorHead head;
  head.name = "x";
  head.role = role;
  head.type = TensorType::kInt16;
  head.rows = rows;
  head.columns = columns;
  head.binary_bytes = bytes;
  return head;
}

std::string int16s(const std::vector<int16_t>& values) {
  std::string text(values.size() * 2, '\0');
  for (size_t i = 0; i < values.size(); ++i) {
    wire::store_little_endian(text.data() + 2 * i, values[i]);
  }
  return text;
}

class TensorBytesTest : public testing::Test {
 protected:
  data::Schema schema_ = schema_of({"age", "mass"});
  TensorColumns columns_{schema_};
  CategoryIndex categories_{schema_};
  TensorBytes bytes_{schema_, categories_, columns_};
  data::DenseBlock block_{2, 8};
  data::BlockWriter writer_{block_};
  TensorSink sink_{writer_, SIZE_MAX};
};

TEST_F(TensorBytesTest, WholeRowsGoToTheSinkWhereverTheyAreCut) {
  ASSERT_EQ(bytes_.add(head_of(TensorHead::Role::kRows, 2, 2, 8)), "");
  const std::string all = int16s({1, -2, 300, 4});
  for (size_t i = 0; i < all.size(); ++i) {
    size_t at = 0;
    const bool last = i + 1 == all.size();
    EXPECT_EQ(bytes_.read(std::string_view(all).substr(i, 1), at, i, last, sink_),
              last ? DecodeStatus::kDone : DecodeStatus::kNeedMore);
    EXPECT_EQ(at, 1U);
  }
  ASSERT_EQ(sink_.rows, 2U);
  EXPECT_EQ(block_.view().row(0)[1], -2.0F);
  EXPECT_EQ(block_.view().row(1)[0], 300.0F);
}

TEST_F(TensorBytesTest, OneTensorsValuesFollowAnothers) {
  TensorHead mass = head_of(TensorHead::Role::kColumn, 2, 1, 4);
  mass.feature = 1;
  ASSERT_EQ(bytes_.add(mass), "");
  ASSERT_EQ(bytes_.add(head_of(TensorHead::Role::kIgnored, 1, 1, 2)), "");
  size_t at = 0;
  EXPECT_EQ(bytes_.read(int16s({5, 6, 7}) + "more", at, 0, true, sink_), DecodeStatus::kDone);
  EXPECT_EQ(at, 6U) << "what follows is somebody else's";
  EXPECT_EQ(columns_.of(1), (std::vector<double>{5, 6}));
}

TEST_F(TensorBytesTest, ASizeThatIsNotThatOfTheShapeIsSaid) {
  EXPECT_EQ(bytes_.add(head_of(TensorHead::Role::kRows, 2, 2, 7)),
            "its binary_data_size is 7, which is not what its shape and datatype say");
}

TEST_F(TensorBytesTest, BytesThatAreMissingAreSaid) {
  ASSERT_EQ(bytes_.add(head_of(TensorHead::Role::kRows, 2, 2, 8)), "");
  size_t at = 0;
  EXPECT_EQ(bytes_.read(int16s({1, 2, 3}), at, 100, true, sink_), DecodeStatus::kError);
  EXPECT_EQ(bytes_.error().code, DecodeErrorCode::kTruncated);
  EXPECT_EQ(bytes_.error().row, 2U);
  EXPECT_EQ(bytes_.error().byte, 106U);
}

}  // namespace
}  // namespace ringmaker::codec
