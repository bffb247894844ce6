// Damaged models of other libraries: an error or a model that scores, never anything else.
#include "model/import/importer.h"

#include "base/random.h"
#include "tests/model/import/fixture.h"

#include <gmock/gmock.h>

namespace ringmaker::model {
namespace {

using testing::HasSubstr;

std::span<const std::byte> bytes_of(std::string_view text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}

TEST(Importer, AFormatIsKnownByItsFirstBytes) {
  const auto format = [](std::string_view text) { return import_format(bytes_of(text)); };
  EXPECT_EQ(format(R"({"learner":{}})"), ImportFormat::kXgboostJson);
  EXPECT_EQ(format("  {\n \"version\":[1,0,0], \"learner\" : {}}"), ImportFormat::kXgboostJson);
  EXPECT_EQ(format(std::string_view("{L\0\0\0\0\0\0\0\7learner", 17)),
            ImportFormat::kXgboostUbjson);
  EXPECT_EQ(format("binf"), ImportFormat::kXgboostBinary);
  EXPECT_EQ(format("CONFIG-offset:"), ImportFormat::kXgboostSnapshot);
  EXPECT_EQ(format("\x80\x03}."), ImportFormat::kPickle);
  EXPECT_EQ(format("tree\nversion=v4"), ImportFormat::kLightgbmText);
  EXPECT_EQ(format("tree\r\nversion=v4"), ImportFormat::kLightgbmText);
  for (const std::string_view other : {"", "{", "[1]", R"({"name":"tree"})", "trees\n",
                                       "PK\x03\x04", "\x80\x01", "\x08\x07\x12"}) {
    EXPECT_EQ(format(other), std::nullopt) << other;
  }
}

TEST(Importer, APickleOfSomethingElseSaysWhatToDo) {
  const auto model =
      imported(bytes_of("\x80\x03"
                        "C\x04"
                        "binf."));
  ASSERT_FALSE(model);
  EXPECT_THAT(model.error().message(), HasSubstr("save_model"));
  EXPECT_EQ(model.error().code(), base::ErrorCode::kUnsupported);
}

TEST(Importer, ASnapshotHoldsItsModel) {
  const auto binary =
      file_bytes(fs::path(RINGMAKER_SOURCE_DIR) / "tests/golden/xgboost/binary/model.deprecated");
  std::string snapshot = "CONFIG-offset:";
  for (size_t i = 0; i < 8; ++i) {
    snapshot += static_cast<char>(binary.size() >> (8 * i) & 0xFF);
  }
  snapshot.append(reinterpret_cast<const char*>(binary.data()), binary.size());
  EXPECT_FALSE(imported(bytes_of(snapshot.substr(0, snapshot.size() - 1))));
  snapshot += "{\"learner\":{}}";
  const auto model = imported(bytes_of(snapshot));
  ASSERT_TRUE(model) << model.error().message();
  EXPECT_EQ(std::get<TreeParameters>(model->parameters).ensemble.trees.size(), 4U);

  // As Python 3 before 3.8 writes a bytearray, and as Python 2 does.
  std::string pickle =
      "\x80\x03"
      "cxgboost.core\nBooster\n";
  std::string content;
  for (size_t i = 0; i < 4; ++i) {
    content += static_cast<char>(snapshot.size() >> (8 * i) & 0xFF);
  }
  EXPECT_TRUE(imported(bytes_of(pickle + "B" + content + snapshot + ".")));
  std::string latin;
  for (const char c : snapshot) {
    const auto value = static_cast<unsigned char>(c);
    if (value >= 0x80) {
      latin += static_cast<char>(0xC0U | value >> 6U);
      latin += static_cast<char>(0x80U | (value & 0x3FU));
    } else {
      latin += c;
    }
  }
  content.clear();
  for (size_t i = 0; i < 4; ++i) {
    content += static_cast<char>(latin.size() >> (8 * i) & 0xFF);
  }
  EXPECT_TRUE(imported(bytes_of(pickle + "X" + content + latin + ".")));
}

class Damaged : public testing::TestWithParam<Fixture> {
 protected:
  void try_bytes(std::span<const std::byte> bytes) {
    const auto model = imported(bytes);
    if (!model) {
      EXPECT_FALSE(model.error().message().empty());
      return;
    }
    const auto predictor = compile(*model, base::InstructionSet::kPortable);
    ASSERT_TRUE(predictor) << predictor.error().message();
    const std::vector<float> row(model->schema.feature_count(), 0.5F);
    std::vector<float> scores(model->output.score_columns());
    (*predictor)->predict({row.data(), 1, row.size()}, {scores.data(), 1, scores.size()});
    ++models_;
  }
  size_t models_ = 0;
};

TEST_P(Damaged, AFileThatIsCutOffIsNoModel) {
  const auto bytes = file_bytes(GetParam().file);
  // Behind the last tree a binary model has its metrics, and one in text its importances and
  // parameters: nothing that an answer depends on.
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  const size_t trees_end =
      std::min(text.find("\nend of trees"), text.find("\nfeature importances"));
  const size_t end = trees_end == text.npos ? bytes.size() - 200 : trees_end;
  const size_t step = std::max<size_t>(1, bytes.size() / 400);
  for (size_t size = 0; size < end; size += step) {
    try_bytes(std::span(bytes).first(size));
    ASSERT_EQ(models_, 0U) << size << " of " << bytes.size();
  }
}

TEST_P(Damaged, AFlippedBitIsAnErrorOrAnotherModel) {
  const auto bytes = file_bytes(GetParam().file);
  base::Random random(5);
  for (size_t i = 0; i < 300; ++i) {
    auto damaged = bytes;
    const auto at = static_cast<size_t>(random.uniform() * static_cast<double>(bytes.size()));
    damaged[std::min(at, bytes.size() - 1)] ^= std::byte{1} << (i % 8);
    try_bytes(damaged);
  }
}

std::vector<Fixture> golden_models() {
  const fs::path golden = fs::path(RINGMAKER_SOURCE_DIR) / "tests/golden";
  std::vector<Fixture> models;
  for (const char* library : {"xgboost", "lightgbm", "onnx"}) {
    for (Fixture& one : fixtures(golden / library, {""})) {
      models.push_back(std::move(one));
    }
  }
  return models;
}

INSTANTIATE_TEST_SUITE_P(Golden, Damaged, testing::ValuesIn(golden_models()), [](const auto& one) {
  std::string name = one.param.name();
  std::ranges::replace_if(name, [](char c) { return std::isalnum(c) == 0; }, '_');
  return name;
});

}  // namespace
}  // namespace ringmaker::model
