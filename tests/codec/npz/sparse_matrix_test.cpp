#include "codec/npz/sparse_matrix.h"

#include "tests/codec/npy/npy_payload.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

namespace ringmaker::codec {
namespace {

std::string vector_of(const std::vector<int32_t>& values) {
  return npy_file("{'descr': '<i4', 'fortran_order': False, 'shape': (" +
                      std::to_string(values.size()) + ",), }\n",
                  bytes_of(values));
}

/// Rows of "column:value" as they stand in the file.
std::string rows_of(const SparseMatrix& matrix) {
  std::string text;
  for (uint64_t row = 0; row < matrix.rows(); ++row) {
    for (const auto* entry = matrix.row_begin(row); entry != matrix.row_end(row); ++entry) {
      text += std::to_string(entry->column) + ':' + std::to_string(static_cast<int>(entry->value)) +
              ' ';
    }
    text += '|';
  }
  return text;
}

class SparseMatrixTest : public testing::Test {
 protected:
  std::string& file(SparseArray array) { return files_[static_cast<size_t>(array)]; }
  void set(SparseArray array, const std::vector<int32_t>& values) {
    file(array) = vector_of(values);
  }
  void SetUp() override {
    file(SparseArray::kFormat) =
        npy_file("{'descr': '|S3', 'fortran_order': False, 'shape': (), }\n", "coo");
    set(SparseArray::kShape, {3, 4});
    set(SparseArray::kRow, {2, 0, 2});
    set(SparseArray::kCol, {3, 1, 0});
    set(SparseArray::kData, {7, 8, 9});
  }

  /// To its end, or to the first problem.
  std::optional<SparseMatrix::Problem> read(size_t steps = 1000) {
    auto problem = matrix_.begin(files_);
    for (calls_ = 0; !problem && !matrix_.is_read(); ++calls_) {
      problem = matrix_.advance(steps);
    }
    return problem;
  }

  SparseFiles files_;
  SparseMatrix matrix_;
  size_t calls_ = 0;
};

TEST_F(SparseMatrixTest, PlacesBecomeRowsInTheOrderOfTheFile) {
  ASSERT_FALSE(read());
  EXPECT_EQ(matrix_.columns(), 4U);
  EXPECT_EQ(rows_of(matrix_), "1:8 ||3:7 0:9 |");
}

TEST_F(SparseMatrixTest, TheSameComesOfStepsOfAnyNumber) {
  for (const size_t steps : {1, 2, 3, 7}) {
    ASSERT_FALSE(read(steps));
    EXPECT_EQ(rows_of(matrix_), "1:8 ||3:7 0:9 |");
    EXPECT_GT(calls_, 2U) << "no call does all of it";
  }
  set(SparseArray::kIndptr, {0, 1, 1, 3});
  set(SparseArray::kIndices, {1, 3, 0});
  set(SparseArray::kData, {8, 7, 9});
  file(SparseArray::kFormat) =
      npy_file("{'descr': '|S3', 'fortran_order': False, 'shape': (), }\n", "csr");
  for (const size_t steps : {1, 2, 5, 100}) {
    ASSERT_FALSE(read(steps));
    EXPECT_EQ(rows_of(matrix_), "1:8 ||3:7 0:9 |");
  }
  set(SparseArray::kIndptr, {0, 2, 1, 3});
  for (const size_t steps : {1, 2, 5, 100}) {
    EXPECT_EQ(read(steps)->array, SparseArray::kIndptr);
  }
}

TEST_F(SparseMatrixTest, IsReadAgainAndAgain) {
  ASSERT_FALSE(read());
  set(SparseArray::kShape, {1, 1});
  set(SparseArray::kRow, {});
  set(SparseArray::kCol, {});
  set(SparseArray::kData, {});
  ASSERT_FALSE(read());
  EXPECT_EQ(rows_of(matrix_), "|");
}

TEST_F(SparseMatrixTest, TheArrayThatIsWrongIsNamed) {
  set(SparseArray::kCol, {3, 1});
  EXPECT_EQ(read()->array, SparseArray::kCol);
  set(SparseArray::kRow, {3, 0, 0});
  EXPECT_EQ(read()->array, SparseArray::kRow);
  file(SparseArray::kRow).pop_back();
  EXPECT_EQ(read()->text, "it is no array of one dimension, or not as long as it says");
  file(SparseArray::kShape).clear();
  EXPECT_EQ(read()->array, SparseArray::kShape);
}

TEST(SparseArrays, AreKnownByName) {
  for (size_t i = 0; i < kSparseArrays; ++i) {
    const auto array = static_cast<SparseArray>(i);
    EXPECT_EQ(sparse_array_named(name(array)), array);
  }
  EXPECT_FALSE(sparse_array_named("arr_0"));
}

}  // namespace
}  // namespace ringmaker::codec
