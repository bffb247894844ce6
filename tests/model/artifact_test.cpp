#include "model/artifact.h"

#include "tests/model/model_test_support.h"

#include <gtest/gtest.h>

#include <cstring>

namespace ringmaker::model {
namespace {

using base::ErrorCode;

Model rich_model() {
  Model model = random_linear(Link::kSoftmax, 5, 3, 7);
  model.schema.feature_names[2] = "größe \"mit\" Anführung";
  model.schema.missing_markers = {"?", "n/a"};
  model.schema.blanks_as_underscores = true;
  model.output.class_names = {"setosa", "versicolor", "virginica"};
  model.output.numeric_classes = false;
  model.provenance = {.trained_by = "ringmaker 0.1.0",
                      .trained_at = "2026-01-05T10:11:12Z",
                      .rows_trained = 120,
                      .hyperparameters = {{"wd", "0.1"}, {"loss", "softmax_loss"}},
                      .metrics = {{"train:mlogloss", 0.123456789012345}},
                      .example_row = {1, 2, 3, 4, 5},
                      .importance = {0.5, 0.25, 0.125, 0.125, 0}};
  return model;
}

base::Result<Model> decode(const std::vector<std::byte>& bytes) {
  // An exact-size copy, so that a sanitizer sees any read behind the end.
  const auto copy = std::make_unique<std::byte[]>(bytes.size());
  std::ranges::copy(bytes, copy.get());
  return decode_artifact({copy.get(), bytes.size()});
}

std::vector<std::byte> bytes_of(std::string_view text) {
  const auto span = std::as_bytes(std::span(text));
  return {span.begin(), span.end()};
}

TEST(Artifact, MarginsAndTheirThresholdAreGivenBack) {
  const auto loaded = decode(encode_artifact(margin_linear()));
  ASSERT_TRUE(loaded) << loaded.error().message();
  EXPECT_TRUE(loaded->output.margin);
  EXPECT_EQ(loaded->output.threshold, 0.25F);
  EXPECT_FALSE(decode(encode_artifact(random_linear(Link::kLogistic, 2, 1, 1)))->output.margin);
}

TEST(Artifact, GivesBackEverythingThatWasWritten) {
  const Model model = rich_model();
  const auto loaded = decode(encode_artifact(model));
  ASSERT_TRUE(loaded) << loaded.error().message();
  EXPECT_EQ(loaded->schema.feature_names, model.schema.feature_names);
  EXPECT_EQ(loaded->schema.missing_markers, model.schema.missing_markers);
  EXPECT_EQ(loaded->schema.blanks_as_underscores, model.schema.blanks_as_underscores);
  EXPECT_EQ(loaded->output.task, model.output.task);
  EXPECT_EQ(loaded->output.class_names, model.output.class_names);
  EXPECT_EQ(loaded->output.numeric_classes, model.output.numeric_classes);
  EXPECT_EQ(loaded->output.threshold, model.output.threshold);
  EXPECT_EQ(loaded->provenance.trained_by, model.provenance.trained_by);
  EXPECT_EQ(loaded->provenance.trained_at, model.provenance.trained_at);
  EXPECT_EQ(loaded->provenance.rows_trained, model.provenance.rows_trained);
  EXPECT_EQ(loaded->provenance.hyperparameters, model.provenance.hyperparameters);
  EXPECT_EQ(loaded->provenance.metrics, model.provenance.metrics);
  EXPECT_EQ(loaded->provenance.example_row, model.provenance.example_row);
  EXPECT_EQ(loaded->provenance.importance, model.provenance.importance);
  const auto& written = std::get<LinearParameters>(model.parameters);
  const auto& read = std::get<LinearParameters>(loaded->parameters);
  EXPECT_EQ(read.link, written.link);
  EXPECT_EQ(read.outputs, written.outputs);
  EXPECT_EQ(read.weights, written.weights);
  EXPECT_EQ(read.bias, written.bias);
  EXPECT_EQ(read.fill, written.fill);
}

TEST(Artifact, IsTheSameBytesEachTime) {
  EXPECT_EQ(encode_artifact(rich_model()), encode_artifact(rich_model()));
}

TEST(Artifact, EveryTruncationIsNoticed) {
  const auto bytes = encode_artifact(rich_model());
  for (size_t length = 0; length < bytes.size(); ++length) {
    const auto loaded = decode({bytes.begin(), bytes.begin() + static_cast<ptrdiff_t>(length)});
    ASSERT_FALSE(loaded) << length;
    ASSERT_EQ(loaded.error().code(), ErrorCode::kCorrupt) << loaded.error().message();
  }
}

TEST(Artifact, BytesBehindItsEndAreNoticed) {
  auto bytes = encode_artifact(rich_model());
  bytes.push_back(std::byte{0});
  ASSERT_FALSE(decode(bytes));
}

TEST(Artifact, EveryFlippedBitOfTheHeaderAndTenThousandOthersAreNoticed) {
  auto bytes = encode_artifact(rich_model());
  base::Random random(1);
  for (size_t n = 0; n < 64 * 8 + 10'000; ++n) {
    const size_t bit = n < 64 * 8 ? n : random.below(bytes.size() * 8);
    const std::byte mask{static_cast<unsigned char>(1U << (bit % 8))};
    bytes[bit / 8] ^= mask;
    ASSERT_FALSE(decode(bytes)) << "bit " << bit;
    bytes[bit / 8] ^= mask;
  }
  ASSERT_TRUE(decode(bytes));
}

TEST(Artifact, ForeignFilesAreNamed) {
  struct Case {
    std::string_view content;
    std::string_view named;
  };
  using std::string_view_literals::operator""sv;
  const Case cases[] = {
      {"\x1f\x8b\x08\x00\x00\x00\x00\x00"sv, "gzip"},
      {R"({"learner":{"attributes":{}},"version":[1,7,4]})"sv, "JSON text"},
      {R"({"coefficients":[1,2]})"sv, "JSON text"},
      {"\x80\x04\x95\x10\x00\x00"sv, "Python pickle"},
      {"\x7f"
       "ELF\x02\x01\x01"sv,
       "ELF"},
      {"PK\x03\x04\x14\x00"sv, "zip"},
      {"tree\nversion=v3\n"sv, "LightGBM"},
      {"binf\x00\x00\x00\x3f"sv, "XGBoost binary"},
  };
  for (const Case& one : cases) {
    const auto loaded = decode(bytes_of(one.content));
    ASSERT_FALSE(loaded);
    EXPECT_EQ(loaded.error().code(), ErrorCode::kUnsupported) << one.named;
    EXPECT_NE(loaded.error().message().find(one.named), std::string::npos)
        << loaded.error().message();
  }
}

TEST(Artifact, UnknownContentIsNotAModel) {
  const auto loaded = decode(bytes_of(std::string(100, 'x')));
  ASSERT_FALSE(loaded);
  EXPECT_EQ(loaded.error().code(), ErrorCode::kUnsupported);
}

TEST(Artifact, ANewerVersionIsUnsupportedNotDamaged) {
  auto bytes = encode_artifact(rich_model());
  bytes[8] = std::byte{2};
  const auto loaded = decode(bytes);
  ASSERT_FALSE(loaded);
  EXPECT_EQ(loaded.error().code(), ErrorCode::kUnsupported);
  EXPECT_NE(loaded.error().message().find("version 2"), std::string::npos);
}

TEST(Artifact, HoldsOneJsonThatAPersonCanRead) {
  const auto bytes = encode_artifact(rich_model());
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  EXPECT_NE(text.find("\"kind\": \"linear\""), std::string_view::npos);
  EXPECT_NE(text.find("\"versicolor\""), std::string_view::npos);
  EXPECT_EQ(bytes.size() % 64, 0U);
}

}  // namespace
}  // namespace ringmaker::model
