#include "codec/npy/npy_header.h"

#include "tests/codec/npy/npy_payload.h"

#include <gtest/gtest.h>

#include <string>

namespace ringmaker::codec {
namespace {

NpyParse parse(const std::string& dictionary) { return parse_npy_header(npy_file(dictionary, "")); }

TEST(NpyHeader, IsReadAsNumpyWritesIt) {
  const NpyParse found =
      parse("{'descr': '<f8', 'fortran_order': True, 'shape': (3, 4), }             \n");
  ASSERT_EQ(found.verdict, NpyVerdict::kComplete) << found.problem;
  EXPECT_EQ(found.header.kind, NpyHeader::Kind::kFloat);
  EXPECT_EQ(found.header.item_bytes, 8U);
  EXPECT_FALSE(found.header.big_endian);
  EXPECT_TRUE(found.header.fortran_order);
  EXPECT_EQ(found.header.rows, 3U);
  EXPECT_EQ(found.header.columns, 4U);
}

TEST(NpyHeader, OneDimensionIsOneRow) {
  const NpyParse found = parse("{\"shape\": (7,), \"descr\": \">i2\", \"fortran_order\": False}\n");
  ASSERT_EQ(found.verdict, NpyVerdict::kComplete) << found.problem;
  EXPECT_EQ(found.header.rows, 1U);
  EXPECT_EQ(found.header.columns, 7U);
  EXPECT_TRUE(found.header.big_endian);
  EXPECT_EQ(found.header.kind, NpyHeader::Kind::kSigned);
}

TEST(NpyHeader, EveryTruncationNeedsMore) {
  const std::string file =
      npy_file("{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2), }\n", "");
  for (size_t size = 0; size < file.size(); ++size) {
    EXPECT_EQ(parse_npy_header(std::string_view(file).substr(0, size)).verdict,
              NpyVerdict::kNeedMore)
        << size;
  }
  EXPECT_EQ(parse_npy_header(file).consumed, file.size());
}

TEST(NpyHeader, WhatWeDoNotReadIsRefusedWithTheReason) {
  EXPECT_EQ(parse("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }").problem,
            "arrays of Python objects are never read");
  for (const char* dictionary :
       {"{'descr': '<f4', 'fortran_order': False, 'shape': (), }",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2, 3), }",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (-1, 2), }",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 99999999999999999999), }",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 4611686018427387904), }",
        "{'descr': '<f4', 'fortran_order': 0, 'shape': (1, 2), }",
        "{'descr': '<c8', 'fortran_order': False, 'shape': (1, 2), }",
        "{'descr': '<U3', 'fortran_order': False, 'shape': (1, 2), }",
        "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1, 2), }",
        "{'descr': '<f3', 'fortran_order': False, 'shape': (1, 2), }",
        "{'descr': '<f4', 'fortran_order': False, }",
        "{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (1, 2), }",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2), } x", "[]", "", "{",
        "{'descr' '<f4'}", "{'descr': '<f4"}) {
    const NpyParse found = parse(dictionary);
    EXPECT_EQ(found.verdict, NpyVerdict::kRefused) << dictionary;
    EXPECT_FALSE(found.problem.empty()) << dictionary;
  }
  EXPECT_EQ(parse_npy_header("PK\x03\x04").verdict, NpyVerdict::kRefused);
  EXPECT_EQ(parse_npy_header("\x93NUMPY\x04").verdict, NpyVerdict::kNeedMore);
  EXPECT_EQ(parse_npy_header(std::string("\x93NUMPY\x04\x00", 8)).verdict, NpyVerdict::kRefused);
  EXPECT_EQ(parse_npy_header(std::string("\x93NUMPY\x02\x00\xff\xff\xff\xff", 12)).verdict,
            NpyVerdict::kRefused);
}

TEST(NpyHeader, OursReadsBackAndIsAligned) {
  for (const uint64_t columns : {uint64_t{0}, uint64_t{3}}) {
    std::string out;
    append_npy_header(12345, columns, out);
    EXPECT_EQ(out.size() % 64, 0U);
    const NpyParse found = parse_npy_header(out);
    ASSERT_EQ(found.verdict, NpyVerdict::kComplete) << found.problem;
    EXPECT_EQ(found.header.one_dimension, columns == 0);
    EXPECT_EQ(columns == 0 ? found.header.columns : found.header.rows, 12345U);
  }
}

}  // namespace
}  // namespace ringmaker::codec
