#include "model/import/import_format.h"

#include "tests/support/onnx_writer.h"

#include <gtest/gtest.h>

#include <string>

namespace ringmaker::model {
namespace {

using std::string_view_literals::operator""sv;

std::span<const std::byte> bytes_of(std::string_view text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}

std::optional<ImportFormat> format(std::string_view text) { return import_format(bytes_of(text)); }

TEST(ImportFormat, IsKnownByTheFirstBytes) {
  EXPECT_EQ(format(R"({"learner":{"attributes":{}}})"), ImportFormat::kXgboostJson);
  EXPECT_EQ(format("  {\n \"version\":[1,0,0], \"learner\" : {\"feature_names\":[]}}"),
            ImportFormat::kXgboostJson);
  EXPECT_EQ(format("\xEF\xBB\xBF{\"learner\":{\"attributes\":{}}}"), ImportFormat::kXgboostJson);
  EXPECT_EQ(format(std::string_view("{L\0\0\0\0\0\0\0\7learner", 17)),
            ImportFormat::kXgboostUbjson);
  EXPECT_EQ(format("binf"), ImportFormat::kXgboostBinary);
  EXPECT_EQ(format("CONFIG-offset:"), ImportFormat::kXgboostSnapshot);
  EXPECT_EQ(format("\x80\x03}."), ImportFormat::kPickle);
  EXPECT_EQ(format("(dp0\n."), ImportFormat::kPickle);
  EXPECT_EQ(format("tree\nversion=v4"), ImportFormat::kLightgbmText);
  EXPECT_EQ(format("tree\r\nnum_class=1"), ImportFormat::kLightgbmText);
  for (const std::string_view other : {"", "{", "[1]", R"({"name":"tree"})", "trees\n",
                                       "PK\x03\x04", "\x80\x01", "\x08\x07\x12"}) {
    EXPECT_EQ(format(other), std::nullopt) << other;
  }
}

TEST(ImportFormat, IsKnownByMoreThanOneWord) {
  for (const std::string_view other :
       {R"({"description":"a learner","learner":"xgboost","attributes":{}})",
        R"({"learner":{"name":"xgboost"}})", R"({"attributes":{},"gradient_booster":{}})",
        "tree\nof life\n", "country\ncity\n"}) {
    EXPECT_EQ(format(other), std::nullopt) << other;
  }
}

TEST(ImportFormat, AConfigurationOfXgboostIsNoModel) {
  const std::string configuration =
      R"({"learner":{"gradient_booster":{"name":"gbtree"},"learner_model_param":{},
          "learner_train_param":{"booster":"gbtree"}},"version":[1,7,4]})";
  EXPECT_EQ(format(configuration), std::nullopt);
  EXPECT_EQ(format(R"({"learner":{"learner_train_param":{},"gradient_booster":{"model":{}}}})"),
            ImportFormat::kXgboostJson);
}

TEST(ImportFormat, ABinaryOfXgboostBeginsWithAnyNumber) {
  std::string binary(136, '\0');
  for (const std::string_view name : {"reg:squarederror", "gbtree"}) {
    binary += static_cast<char>(name.size()) + std::string(7, '\0') + std::string(name);
  }
  for (const std::string_view base_score :
       {"\x80\x02\xC0\x3F"sv, "\x80\x05\x63\x3F"sv, "{L\x00\x3F"sv, "{i\x7F\x3F"sv}) {
    binary.replace(0, 4, base_score);
    EXPECT_EQ(format(binary), ImportFormat::kXgboostBinary) << base_score;
  }
  binary.replace(binary.size() - 6, 6, "gbtrue");
  EXPECT_EQ(format(binary), ImportFormat::kXgboostUbjson);
}

TEST(ImportFormat, FieldsOfJsonComeInAnyOrder) {
  const std::string filling(200'000, 'x');
  EXPECT_EQ(format("{\"version\":[1,7,4],\"note\":\"" + filling +
                   "\",\"learner\":{\"attributes\":{}},\"more\":\"" + filling + "\"}"),
            ImportFormat::kXgboostJson);
  // A word that the end of a piece cuts in two.
  for (size_t begin = 65'536 - 60; begin < 65'536 + 20; ++begin) {
    EXPECT_EQ(
        format("{\"a\":\"" + filling.substr(0, begin - 7) + "\",\"learner\":{\"attributes\":{}}}"),
        ImportFormat::kXgboostJson)
        << begin;
  }
}

TEST(ImportFormat, FieldsOfOnnxComeInAnyOrder) {
  const std::string file = test::OnnxWriter()
                               .input("x", test::kOnnxFloat, {-1, 3000})
                               .constant("c", {{3000}, std::vector<float>(3000, 1)})
                               .node("Add", {"x", "c"}, {"y"})
                               .output("y")
                               .file();
  ASSERT_GT(file.size(), 12'000U);
  EXPECT_EQ(format(file), ImportFormat::kOnnx);
  const std::string version = file.substr(0, 2);
  ASSERT_EQ(version[0], '\x08') << "field 1, a number";
  const std::string turned = file.substr(2) + version;
  EXPECT_EQ(format(turned), ImportFormat::kOnnx);
  EXPECT_EQ(format(turned + "text"), std::nullopt) << "what is behind it is no field";
}

TEST(ImportFormat, OfALargeFileTheBeginningIsRead) {
  const std::string file = "tree\nversion=v4\n" + std::string(1'000'000, 'x');
  uint64_t end = 0;
  const ByteSource source{
      .size = file.size(), .read = [&](uint64_t at, size_t count) {
        end = std::max(end, at + count);
        return base::Result<std::span<const std::byte>>(bytes_of(file).subspan(at, count));
      }};
  EXPECT_EQ(import_format(source).value(), ImportFormat::kLightgbmText);
  EXPECT_LE(end, 4096U);
}

TEST(ImportFormat, JsonOfAnySizeIsNotReadToItsEnd) {
  const std::string piece = "{" + std::string(100'000, ' ');
  uint64_t end = 0;
  const ByteSource source{.size = uint64_t{1} << 40U, .read = [&](uint64_t at, size_t count) {
                            end = std::max(end, at + count);
                            return base::Result<std::span<const std::byte>>(
                                bytes_of(piece).first(std::min(count, piece.size())));
                          }};
  EXPECT_EQ(import_format(source).value(), std::nullopt);
  EXPECT_LT(end, 17'000'000U);
}

TEST(ImportFormat, WhatCannotBeReadIsAnError) {
  const ByteSource source{.size = 10, .read = [](uint64_t, size_t) {
                            return base::Result<std::span<const std::byte>>(
                                base::fail(base::ErrorCode::kCorrupt, "no such bytes"));
                          }};
  EXPECT_FALSE(import_format(source));
}

}  // namespace
}  // namespace ringmaker::model
