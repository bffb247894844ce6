// Every format gives a model that compares doubles what it needs of a double.
#include "tests/codec/decoding.h"

#include <fmt/core.h>

#include <cmath>

namespace ringmaker::codec {
namespace {

/// Two doubles, neighbours, with a cut between them that float32 does not see.
constexpr double kBelow = 0.1;
const double kAbove = std::nextafter(kBelow, 1.0);

data::Schema narrowed_schema() {
  data::Schema schema = schema_of({"a", "b"});
  schema.narrowing = *data::Narrowing::make({{.cuts = {kAbove}}, {.cuts = {1e300}}}, 1e-35);
  return schema;
}

void expect_told_apart(Format format, const std::string& payload) {
  const data::Schema schema = narrowed_schema();
  const auto decoder = make_decoder(format, schema);
  const Outcome outcome = decode(*decoder, 2, payload);
  ASSERT_EQ(outcome.error.code, DecodeErrorCode::kNone);
  ASSERT_EQ(outcome.rows.size(), 2U);
  const float cut = schema.narrowing.narrowed_cut(0, kAbove);
  EXPECT_LT(outcome.rows[0][0], cut);
  EXPECT_GE(outcome.rows[1][0], cut);
  EXPECT_EQ(outcome.rows[0][1], 0) << "so near zero";
  EXPECT_LT(outcome.rows[1][1], schema.narrowing.narrowed_cut(1, 1e300));
  EXPECT_GT(outcome.rows[1][1], 1e38F) << "beyond float32 it is as large as can be";
}

TEST(NarrowedValues, OfCsvWithAndWithoutHeader) {
  const std::string rows = fmt::format("{:.17g},1e-36\n\"{:.17g}\",1e299\n", kBelow, kAbove);
  expect_told_apart(Format::kCsv, rows);
  expect_told_apart(Format::kCsv, "a,b\n" + rows);
  expect_told_apart(Format::kCsv,
                    fmt::format("b,a\n1e-36,{:.17g}\n1e299,{:.17g}\n", kBelow, kAbove));
}

TEST(NarrowedValues, OfJson) {
  expect_told_apart(Format::kJson,
                    fmt::format("[[{:.17g},1e-36],[{:.17g},1e299]]", kBelow, kAbove));
  expect_told_apart(Format::kJson,
                    fmt::format(R"([{{"a":"{:.17g}","b":1e-36}},{{"features":[{:.17g},1e299]}}])",
                                kBelow, kAbove));
  expect_told_apart(Format::kJsonLines,
                    fmt::format("[{:.17g},1e-36]\n[{:.17g},1e299]\n", kBelow, kAbove));
}

TEST(NarrowedValues, OfLibsvm) {
  expect_told_apart(Format::kLibsvm,
                    fmt::format("1 0:{:.17g} 1:1e-36\n0 0:{:.17g} 1:1e299\n", kBelow, kAbove));
}

TEST(NarrowedValues, OfNpyOfDoubles) {
  std::string header = "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 2), }";
  header.resize(117, ' ');
  header += '\n';
  std::string payload("\x93NUMPY\x01\x00", 8);
  payload += static_cast<char>(header.size());
  payload += '\0';
  payload += header;
  for (const double value : {kBelow, 1e-36, kAbove, 1e299}) {
    payload.append(reinterpret_cast<const char*>(&value), sizeof value);
  }
  expect_told_apart(Format::kNpy, payload);
}

TEST(NarrowedValues, ATextThatIsNoCategoryMayBeMissing) {
  data::Schema schema = schema_of({"city", "size"});
  schema.category_names = {{"Oslo", "Rome"}, {"s", "l"}};
  schema.unknown_text_missing = true;
  const auto decoder = make_decoder(Format::kCsv, schema);
  const Outcome outcome = decode(*decoder, 2, "city,size\nRome,xl\nParis,l\n");
  ASSERT_EQ(outcome.error.code, DecodeErrorCode::kNone);
  ASSERT_EQ(outcome.rows.size(), 2U);
  EXPECT_EQ(outcome.rows[0][0], 1);
  EXPECT_TRUE(std::isnan(outcome.rows[0][1]));
  EXPECT_TRUE(std::isnan(outcome.rows[1][0]));
}

}  // namespace
}  // namespace ringmaker::codec
