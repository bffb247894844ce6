#include "codec/npz/npz_decoder.h"

#include "tests/codec/decoding.h"
#include "tests/codec/npy/npy_payload.h"
#include "tests/support/zipped.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace ringmaker::codec {
namespace {

using test::ZipMember;
using test::zipped;

std::string array(std::string_view descr, std::string_view shape, std::string_view values,
                  bool fortran = false) {
  return npy_file("{'descr': '" + std::string(descr) + "', 'fortran_order': " +
                      (fortran ? "True" : "False") + ", 'shape': " + std::string(shape) + ", }\n",
                  values);
}

std::string two_rows() { return array("<f4", "(2, 3)", bytes_of<float>({1, 2, 3, 4, 5, 6})); }

template <class T>
std::string vector_of(std::string_view descr, const std::vector<T>& values) {
  return array(descr, "(" + std::to_string(values.size()) + ",)", bytes_of(values));
}

/// The matrix {{1, 0, 3}, {0, 0, 0}, {0, 6, 0}} as scipy.sparse.save_npz writes it.
struct Sparse {
  std::string format = "csr";
  std::vector<int32_t> indices = {0, 2, 1};
  std::vector<int32_t> indptr = {0, 2, 2, 3};
  std::vector<int64_t> shape = {3, 3};
  std::vector<double> data = {1, 3, 6};

  std::string file(bool deflated = true) const {
    return zipped({{.name = "indices.npy", .content = vector_of("<i4", indices)},
                   {.name = "indptr.npy", .content = vector_of("<i4", indptr)},
                   {.name = "format.npy", .content = array("|S3", "()", format)},
                   {.name = "shape.npy", .content = vector_of("<i8", shape), .deflated = deflated},
                   {.name = "data.npy", .content = vector_of("<f8", data), .deflated = deflated}});
  }
};

class NpzDecoderTest : public testing::Test {
 protected:
  /// Decodes whole and cut at every place, in slices and small blocks; all must agree.
  Outcome read(std::string_view payload) {
    const Outcome whole = decode(decoder_, 3, payload);
    for (size_t cut = 0; cut <= payload.size(); ++cut) {
      EXPECT_TRUE(same(decode(decoder_, 3, payload, {cut}), whole)) << " at " << cut;
      EXPECT_TRUE(same(decode(decoder_, 3, payload, {cut}, 1, 2), whole)) << " at " << cut;
    }
    return whole;
  }
  void expect_rows(const std::string& payload, const Rows& rows) {
    const Outcome outcome = read(payload);
    EXPECT_TRUE(same(outcome, {rows, {}})) << describe(outcome.error, schema_);
  }
  void expect_error(const std::string& payload, std::string_view sentence) {
    EXPECT_EQ(describe(read(payload).error, schema_), sentence);
  }

  data::Schema schema_ = schema_of({"age", "mass", "time"});
  NpzDecoder decoder_{schema_};
};

TEST_F(NpzDecoderTest, OneArrayOfRowsStoredOrDeflatedByAnyWriter) {
  for (const bool deflated : {false, true}) {
    for (const bool descriptor : {false, true}) {
      for (const bool wide : {false, true}) {
        expect_rows(zipped({{.name = "arr_0.npy",
                             .content = two_rows(),
                             .deflated = deflated,
                             .descriptor = descriptor,
                             .wide = wide}},
                           wide),
                    {{1, 2, 3}, {4, 5, 6}});
      }
    }
  }
}

TEST_F(NpzDecoderTest, TheArrayMayBeAnyThatNpyFilesHold) {
  expect_rows(zipped({{.name = "x.npy", .content = vector_of<int64_t>("<i8", {1, -2, 3})}}),
              {{1, -2, 3}});
  expect_rows(zipped({{.name = "x.npy",
                       .content = array("<f4", "(2, 3)", bytes_of<float>({1, 4, 2, 5, 3, 6}), true),
                       .deflated = true}}),
              {{1, 2, 3}, {4, 5, 6}});
}

TEST_F(NpzDecoderTest, AnArrayMayBeCalledLikeAPartOfASparseMatrix) {
  expect_rows(zipped({{.name = "data.npy", .content = two_rows(), .deflated = true}}),
              {{1, 2, 3}, {4, 5, 6}});
}

TEST_F(NpzDecoderTest, SparseMatricesByRowByColumnAndByPlace) {
  const Rows rows = {{1, 0, 3}, {0, 0, 0}, {0, 6, 0}};
  expect_rows(Sparse().file(), rows);
  expect_rows(Sparse().file(false), rows);
  expect_rows(
      Sparse{.format = "csc", .indices = {0, 2, 0}, .indptr = {0, 1, 2, 3}, .data = {1, 6, 3}}
          .file(),
      rows);
  expect_rows(zipped({{.name = "row.npy", .content = vector_of<int32_t>("<i4", {2, 0, 0})},
                      {.name = "col.npy", .content = vector_of<int32_t>("<i4", {1, 0, 2})},
                      {.name = "format.npy",
                       .content = array("<U3", "()", std::string("c\0\0\0o\0\0\0o\0\0\0", 12))},
                      {.name = "shape.npy", .content = vector_of<int64_t>("<i8", {3, 3})},
                      {.name = "_is_array.npy", .content = array("|b1", "()", "\x01")},
                      {.name = "data.npy", .content = vector_of<float>("<f4", {6, 1, 3})}}),
              rows);
}

TEST_F(NpzDecoderTest, WhatASparseRowDoesNotHoldIsWhatTheModelTakesForAbsent) {
  schema_.absent_value = kNan;
  expect_rows(Sparse{.indices = {1}, .indptr = {0, 1}, .shape = {1, 3}, .data = {5}}.file(),
              {{kNan, 5, kNan}});
}

TEST_F(NpzDecoderTest, SeveralArraysAreRefusedWithWhatIsExpected) {
  const std::string sentence = "it is a second array; send rows in one, or a scipy.sparse matrix.";
  const ZipMember x = {.name = "X.npy", .content = two_rows()};
  const ZipMember y = {.name = "y.npy", .content = vector_of<float>("<f4", {0, 1})};
  const ZipMember data = {.name = "data.npy", .content = two_rows()};
  expect_error(zipped({x, y}), "member \"y.npy\": " + sentence);
  expect_error(zipped({data, y}), "member \"y.npy\": " + sentence);
  expect_error(zipped({x, data}), "member \"data.npy\": " + sentence);
  expect_error(zipped({data, data}), "member \"data.npy\": it is there twice.");
}

TEST_F(NpzDecoderTest, WhatIsWrongNamesTheMember) {
  expect_error(zipped({{.name = "x.npy", .content = vector_of<float>("<f4", {1, 2})}}),
               "member \"x.npy\": row 1 has 2 values, the model expects 3 (age, mass, time).");
  expect_error(zipped({{.name = "x.npy", .content = two_rows() + "!", .deflated = true}}),
               "member \"x.npy\": there is more behind the array's last value.");
  expect_error(
      zipped({{.name = "x.npy", .content = array("<f4", "(2, 3)", bytes_of<float>({1, 2, 3}))}}),
      "member \"x.npy\": row 2: the member ends before the array does.");
  expect_error(zipped({{.name = "x.npy", .content = "no array"}}),
               "member \"x.npy\": the payload is no NPY file.");
  expect_error(
      zipped({{.name = "x.npy", .content = array("|O", "(1, 3)", "..."), .deflated = true}}),
      "member \"x.npy\": arrays of Python objects are never read.");
  expect_error(
      zipped(
          {{.name = "x.npy", .content = array("<f8", "(1, 3)", bytes_of<double>({1, 1e300, 3}))}}),
      "member \"x.npy\": row 1, column 2 \"mass\": \"1e+300\" is too large for a 32-bit float.");
  expect_error(zipped({{.name = "notes.txt", .content = "hello"}}),
               "member \"notes.txt\": it is no array: the names of arrays end in .npy.");
  expect_error(zipped({{.name = "x.npy", .content = two_rows(), .flags = 1}}),
               "the payload is no NPZ file: it is encrypted.");
  expect_error(
      zipped(
          {{.name = "x.npy", .content = array("<f8", "(99999999999, 3)", ""), .descriptor = true}}),
      "member \"x.npy\": with it the NPZ inflates to more than 1 GiB.");
  expect_error(
      zipped({{.name = "format.npy", .content = array("|S3", "()", "csr"), .descriptor = true}}),
      "member \"format.npy\": the archive does not say first how long it is.");
  expect_error(zipped({{.name = "data.npy", .content = ""}}), "member \"data.npy\": it is empty.");
}

TEST_F(NpzDecoderTest, ADamagedMemberIsNoAnswer) {
  expect_error(
      zipped({{.name = "x.npy", .content = two_rows(), .deflated = true, .crc_change = 1}}),
      "member \"x.npy\": its checksum is wrong.");
}

TEST_F(NpzDecoderTest, PayloadsThatAreNoArchive) {
  expect_error("", "the payload holds no rows; the model expects rows of 3 (age, mass, time).");
  expect_error(two_rows(), "the payload is no NPZ file: it does not begin as a ZIP archive does.");
  expect_error(zipped({}), "the NPZ file holds no array.");
  expect_error(zipped({{.name = "x.npy", .content = two_rows()}}) + "more",
               "the payload is no NPZ file: more bytes follow its end.");
  expect_error(
      zipped({{.name = "x.npy", .content = array("<f4", "(0, 3)", "")}}),
      "member \"x.npy\": the payload holds no rows; the model expects rows of 3 (age, mass, "
      "time).");
}

TEST_F(NpzDecoderTest, SparseMatricesThatAreNone) {
  expect_error(Sparse{.format = "bsr"}.file(),
               "member \"format.npy\": the sparse matrix is none of csr, csc and coo.");
  expect_error(
      Sparse{.shape = {3, 4}}.file(),
      "member \"shape.npy\": row 1 has 4 values, the model expects 3 (age, mass, time). It "
      "looks as if the label column is included.");
  expect_error(Sparse{.shape = {3}}.file(),
               "member \"shape.npy\": it is not the numbers of rows and columns.");
  expect_error(Sparse{.shape = {-3, 3}}.file(),
               "member \"shape.npy\": it is not the numbers of rows and columns.");
  expect_error(Sparse{.shape = {int64_t{1} << 40, 3}}.file(),
               "member \"shape.npy\": a sparse matrix has 4194304 rows and columns at most.");
  expect_error(Sparse{.indices = {0, 3, 1}}.file(),
               "member \"indices.npy\": a value is no place within the sparse matrix.");
  expect_error(Sparse{.indices = {0, -1, 1}}.file(),
               "member \"indices.npy\": a value is no place within the sparse matrix.");
  for (const auto& indptr :
       std::vector<std::vector<int32_t>>{{0, 2, 3}, {0, 2, 1, 3}, {1, 2, 2, 3}, {0, 1, 2, 2}}) {
    expect_error(Sparse{.indptr = indptr}.file(),
                 "member \"indptr.npy\": it does not divide the indices into rows or columns.");
  }
  expect_error(Sparse{.data = {1, 3}}.file(),
               "member \"data.npy\": it is not as long as the array of its places.");
  expect_error(Sparse{.data = {1, 3, 1e300}}.file(),
               "member \"data.npy\": a value is too large for a 32-bit float.");
  expect_error(Sparse{.indices = {2, 2, 1}}.file(), "row 1: the index \"2\" is given twice.");
  expect_error(Sparse{.indices = {}, .indptr = {0}, .shape = {0, 3}, .data = {}}.file(),
               "the payload holds no rows; the model expects rows of 3 (age, mass, time).");
  expect_error(zipped({{.name = "data.npy", .content = vector_of<float>("<f4", {1})},
                       {.name = "shape.npy", .content = vector_of<float>("<f4", {1})}}),
               "member \"format.npy\": a sparse matrix lacks this array.");
}

TEST_F(NpzDecoderTest, WhatIsGatheredIsBounded) {
  const std::string zeros(NpzDecoder::kGatheredBytesMax, '\0');
  const std::string file = zipped({{.name = "data.npy", .content = zeros + "x", .deflated = true}});
  EXPECT_EQ(describe(decode(decoder_, 3, file).error, schema_),
            "member \"data.npy\": the arrays of a sparse matrix are over 64 MiB.");
}

TEST_F(NpzDecoderTest, OneCallInflatesNoMoreThanStated) {
  constexpr size_t kRows = 100'000;
  const std::string file =
      zipped({{.name = "arr_0.npy",
               .content = array("<f4", "(100000, 3)", std::string(kRows * 3 * sizeof(float), '\0')),
               .deflated = true}});
  constexpr size_t kRoom = size_t{16} << 10U;
  const size_t bytes_max = NpzDecoder::kCallBytesMax + file.size() + 2 * kRoom;
  data::DenseBlock block(3, kRows);
  data::BlockWriter writer(block);
  std::string_view rest = file;
  size_t calls = 0;
  DecodeProgress progress;
  do {
    progress = decoder_.decode(rest, true, SIZE_MAX, writer);
    EXPECT_LE(progress.rows * 3 * sizeof(float), bytes_max);
    rest.remove_prefix(progress.consumed);
    ++calls;
  } while (progress.status == DecodeStatus::kPaused);
  EXPECT_EQ(progress.status, DecodeStatus::kDone);
  EXPECT_EQ(block.rows(), kRows);
  EXPECT_GT(calls, kRows * 3 * sizeof(float) / bytes_max);
}

TEST_F(NpzDecoderTest, OneCallReadsNoMoreOfASparseMatrixThanStated) {
  constexpr size_t kRows = 100'000;
  Sparse sparse{.shape = {kRows, 3}};
  sparse.indices.resize(kRows);
  sparse.indptr.resize(kRows + 1);
  sparse.data.resize(kRows);
  for (size_t i = 0; i < kRows; ++i) {
    sparse.indices[i] = static_cast<int32_t>(i % 3);
    sparse.indptr[i + 1] = static_cast<int32_t>(i + 1);
    sparse.data[i] = static_cast<double>(i);
  }
  data::DenseBlock block(3, kRows);
  data::BlockWriter writer(block);
  const std::string file = sparse.file(false);
  std::string_view rest = file;
  size_t calls = 0;
  DecodeProgress progress;
  do {
    progress = decoder_.decode(rest, true, SIZE_MAX, writer);
    rest.remove_prefix(progress.consumed);
    ++calls;
  } while (progress.status == DecodeStatus::kPaused);
  ASSERT_EQ(progress.status, DecodeStatus::kDone);
  EXPECT_GT(calls, 4 * kRows / NpzDecoder::kCallStepsMax);
  ASSERT_EQ(block.rows(), kRows);
  for (size_t i = 0; i < kRows; ++i) {
    ASSERT_EQ(block.view().row(i)[i % 3], static_cast<float>(i));
    ASSERT_EQ(block.view().row(i)[(i + 1) % 3], 0);
  }
}

TEST_F(NpzDecoderTest, WhatIsGatheredIsTold) {
  const std::string values(1'000'000, '\0');
  const std::string file = zipped({{.name = "data.npy", .content = values}});
  (void)decode(decoder_, 3, std::string_view(file).substr(0, 900'000));
  EXPECT_GT(decoder_.bytes_gathered(), 890'000U);
  decoder_.reset();
  EXPECT_EQ(decoder_.bytes_gathered(), 0U);
}

TEST_F(NpzDecoderTest, EveryTruncationIsAnError) {
  const std::string dense =
      zipped({{.name = "arr_0.npy", .content = two_rows(), .deflated = true}});
  EXPECT_EQ(describe(decode(decoder_, 3, dense.substr(0, 60)).error, schema_),
            "the payload ends before the member \"arr_0.npy\" is complete (byte 60).");
  EXPECT_EQ(describe(decoder_.error(), schema_, true),
            "the payload ends before the member is complete (byte 60).");
  for (const std::string& file : {dense, Sparse().file()}) {
    for (size_t size = 0; size < file.size(); ++size) {
      EXPECT_NE(decode(decoder_, 3, std::string_view(file).substr(0, size)).error.code,
                DecodeErrorCode::kNone)
          << size;
    }
  }
}

}  // namespace
}  // namespace ringmaker::codec
