#include "codec/csv/csv_columns.h"

#include "tests/codec/decoding.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

namespace ringmaker::codec {
namespace {

/// The feature of each column, in the order of the columns; nothing where they cannot be told.
using Places = std::optional<std::vector<size_t>>;

Places places(CsvColumns& columns, const std::vector<std::string>& header, DecodeError& error) {
  error = {};
  if (!columns.learn(header, error)) {
    return std::nullopt;
  }
  std::vector<size_t> features;
  for (const CsvColumns::Segment& part : columns.segments()) {
    for (size_t k = 0; k < part.count; ++k) {
      features.push_back(part.feature + k);
    }
  }
  return features;
}

TEST(CsvColumns, WithoutAHeaderTheyAreTheFeatures) {
  const data::Schema schema = schema_of({"age", "mass"});
  const CsvColumns columns(schema);
  EXPECT_EQ(columns.count(), 2U);
  EXPECT_TRUE(columns.are_features());
  EXPECT_FALSE(columns.some_ignored());
}

TEST(CsvColumns, NeighboursAreOneSegment) {
  const data::Schema schema = schema_of({"age", "mass", "time"});
  CsvColumns columns(schema);
  DecodeError error;
  EXPECT_EQ(places(columns, {"id", "mass", "time", "age"}, error), Places({1, 2, 0}));
  ASSERT_EQ(columns.segments().size(), 2U);
  EXPECT_EQ(columns.segments()[0].column, 1U);
  EXPECT_EQ(columns.segments()[0].count, 2U);
  EXPECT_TRUE(columns.some_ignored());
  EXPECT_TRUE(columns.names_features());
}

TEST(CsvColumns, NamesOfPlacesSayWhereColumnsOfAModelWithoutNamesBelong) {
  for (const char* prefix : {"f", "Column_", "X_"}) {
    const auto name = [&](int place) { return prefix + std::to_string(place); };
    data::Schema schema = schema_of({name(0), name(1), name(2)});
    schema.features_named = false;
    CsvColumns columns(schema);
    DecodeError error;
    EXPECT_EQ(places(columns, {name(2), name(0), name(1)}, error), Places({2, 0, 1})) << prefix;
    EXPECT_EQ(places(columns, {"f1", "f2", "f0"}, error), Places({1, 2, 0})) << prefix;
    EXPECT_EQ(places(columns, {"2", "1", "0"}, error), Places({2, 1, 0})) << prefix;
    EXPECT_EQ(places(columns, {name(0), name(0), name(1)}, error), std::nullopt) << prefix;
    EXPECT_EQ(error.code, DecodeErrorCode::kDuplicateColumn);
    EXPECT_EQ(error.column, 2U);
  }
}

TEST(CsvColumns, OtherNamesSayNothingToAModelWithoutNames) {
  data::Schema schema = schema_of({"f0", "f1", "f2"});
  schema.features_named = false;
  CsvColumns columns(schema);
  DecodeError error;
  for (const std::vector<std::string>& header : std::vector<std::vector<std::string>>{
           {"mass", "age", "time"}, {"f1", "f0", "time"}, {"f1", "f2", "f3"}}) {
    EXPECT_EQ(places(columns, header, error), Places({0, 1, 2})) << header[0];
  }
  EXPECT_EQ(places(columns, {"f0", "f1", "f2", "f3"}, error), std::nullopt);
  EXPECT_EQ(error.code, DecodeErrorCode::kTooManyColumns);
}

TEST(CsvColumns, PlacesInTheirOrderArePositionsOfAModelWithNames) {
  const data::Schema schema = schema_of({"age", "mass"});
  CsvColumns columns(schema);
  DecodeError error;
  EXPECT_EQ(places(columns, {"f0", "f1"}, error), Places({0, 1}));
  EXPECT_FALSE(columns.names_features());
  EXPECT_EQ(places(columns, {"f1", "f0"}, error), std::nullopt);
  EXPECT_EQ(error.code, DecodeErrorCode::kUnknownColumn);
}

}  // namespace
}  // namespace ringmaker::codec
