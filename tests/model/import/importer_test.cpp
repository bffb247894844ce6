// Damaged models of other libraries: an error or a model that scores, never anything else.
#include "model/import/importer.h"

#include "base/random.h"
#include "tests/model/import/fixture.h"

#include <fmt/core.h>
#include <gmock/gmock.h>

namespace ringmaker::model {
namespace {

using std::string_literals::operator""s;
using testing::HasSubstr;

std::span<const std::byte> bytes_of(std::string_view text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}

std::string golden_binary() {
  const auto binary =
      file_bytes(fs::path(RINGMAKER_SOURCE_DIR) / "tests/golden/xgboost/binary/model.deprecated");
  return {reinterpret_cast<const char*>(binary.data()), binary.size()};
}

/// `size` in so many bytes, the lowest first.
std::string little_endian(size_t size, size_t bytes) {
  std::string text;
  for (size_t i = 0; i < bytes; ++i) {
    text += static_cast<char>(size >> (8 * i) & 0xFF);
  }
  return text;
}

std::string snapshot() {
  return "CONFIG-offset:" + little_endian(golden_binary().size(), 8) + golden_binary();
}

/// As Python 2 spells a bytearray.
std::string latin_of(std::string_view bytes) {
  std::string latin;
  for (const char c : bytes) {
    const auto value = static_cast<unsigned char>(c);
    if (value >= 0x80) {
      latin += static_cast<char>(0xC0U | value >> 6U);
      latin += static_cast<char>(0x80U | (value & 0x3FU));
    } else {
      latin += c;
    }
  }
  return latin;
}

/// As protocol 0 spells it.
std::string escaped(std::string_view bytes) {
  std::string text;
  for (const char c : bytes) {
    const bool special = c == '\\' || c == '\0' || c == '\n' || c == '\r' || c == '\x1a';
    text += special ? fmt::format("\\u{:04x}", static_cast<unsigned char>(c)) : std::string(1, c);
  }
  return text;
}

const std::string kBooster = "cxgboost.core\nBooster\n)\x81}X\x06\x00\x00\x00handle"s;

std::string bytes_opcode(const std::string& content) {
  return "B" + little_endian(content.size(), 4) + content;
}

void expect_the_pickle_sentence(const std::string& pickle) {
  const auto model = imported(bytes_of(pickle));
  ASSERT_FALSE(model);
  EXPECT_THAT(model.error().message(), HasSubstr("save_model"));
  EXPECT_EQ(model.error().code(), base::ErrorCode::kUnsupported);
}

TEST(Importer, ASnapshotHoldsItsModel) {
  const std::string whole = snapshot();
  EXPECT_FALSE(imported(bytes_of(whole.substr(0, whole.size() - 1))));
  const auto model = imported(bytes_of(whole + "{\"learner\":{}}"));
  ASSERT_TRUE(model) << model.error().message();
  EXPECT_EQ(std::get<TreeParameters>(model->parameters).ensemble.trees.size(), 4U);
}

TEST(Importer, APickledBoosterIsReadInEveryProtocol) {
  const std::string reconstructed =
      "ccopy_reg\n_reconstructor\n(cxgboost.core\nBooster\nc__builtin__\nobject\nNtR";
  const std::string latin = latin_of(snapshot());
  for (const std::string& pickle : {
           reconstructed + "(dp5\nVhandle\nc__builtin__\nbytearray\n(V" + escaped(snapshot()) +
               "\nVlatin-1\ntRsb.",
           reconstructed + "}q\x05(X\x06\x00\x00\x00handlec__builtin__\nbytearray\n(X"s +
               little_endian(latin.size(), 4) + latin + "tRub.",
           "\x80\x02" + kBooster + "X" + little_endian(latin.size(), 4) + latin + "sb.",
           "\x80\x03" + kBooster + bytes_opcode(snapshot()) + "sb.",
           "\x80\x04\x8c\x0cxgboost.core\x94\x8c\x07"
           "Booster\x94\x93\x94)\x81\x94}\x94\x8c\x06handle\x94" +
               bytes_opcode(snapshot()) + "\x94sb.",
       }) {
    const auto model = imported(bytes_of(pickle));
    ASSERT_TRUE(model) << model.error().message() << " of " << pickle.substr(0, 60);
    EXPECT_EQ(std::get<TreeParameters>(model->parameters).ensemble.trees.size(), 4U);
  }
}

TEST(Importer, APickleOfSomethingElseSaysWhatToDo) {
  const std::string booster = kBooster + bytes_opcode(snapshot()) + "sb";
  for (const std::string& pickle : {
           "\x80\x03" + bytes_opcode("binf") + ".",
           "\x80\x03}(X\x06\x00\x00\x00scalerK\x01X\x05\x00\x00\x00model"s + booster + "u.",
           "\x80\x03](" + booster + booster + "e.",
           "\x80\x03" + booster + booster + "\x86.",
           "\x80\x03" + booster + "K\x01\x86q\x07.",
           // An object with a second model among its state.
           "\x80\x03" + kBooster + bytes_opcode(snapshot()) + "X\x04\x00\x00\x00next"s +
               bytes_opcode(snapshot()) + "ub.",
           "\x80\x03" + kBooster + "Nsb.",
           "\x80\x04\x8c\x1esklearn.linear_model._logistic\x94\x8c\x12LogisticRegression\x94\x93"s
           "\x94)\x81\x94}\x94\xff\xff\xff",
           "(dp0\nVa\np1\nI1\ns."s,
           "ccopy_reg\n_reconstructor\n(csklearn.svm\nSVC\nc__builtin__\nobject\nNtRN."s,
       }) {
    expect_the_pickle_sentence(pickle);
  }
}

TEST(Importer, WhatJoblibWroteIsSaidToBeOfJoblib) {
  // It goes on with the bytes of arrays, which are no opcodes.
  const auto model = imported(bytes_of(
      "\x80\x04\x8c\x0fxgboost.sklearn\x94\x8c\x02XC\x94\x93\x94\x8c\x13joblib.numpy_pickle"s
      "\xff\xff\xff"));
  ASSERT_FALSE(model);
  EXPECT_EQ(model.error().code(), base::ErrorCode::kUnsupported);
  EXPECT_THAT(model.error().message(), HasSubstr("was written by joblib"));
  EXPECT_THAT(model.error().message(), HasSubstr("model.save_model("));
}

TEST(Importer, ADamagedPickleOfABoosterIsSaidToBeDamaged) {
  const std::string pickle = "\x80\x03" + kBooster + bytes_opcode(snapshot()) + "sb.";
  const auto model = imported(bytes_of(pickle.substr(0, pickle.size() / 2)));
  ASSERT_FALSE(model);
  EXPECT_THAT(model.error().message(), HasSubstr("cut off or damaged at byte"));
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
  // Behind the last tree a binary model has its metrics, nothing that an answer depends on. What a
  // text has there is cut byte by byte below.
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

class DamagedText : public Damaged {};

TEST_P(DamagedText, ThatIsCutOffBehindItsTreesIsNoModel) {
  const auto bytes = file_bytes(GetParam().file);
  const std::string text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  // A program that is not Python ends here, an old one behind its importances.
  constexpr std::string_view kParametersEnd = "\nend of parameters\n";
  const size_t found = text.find(kParametersEnd);
  const size_t whole = found != text.npos
                           ? found + kParametersEnd.size()
                           : text.find_last_not_of('\n', text.find("\npandas_categorical:")) + 2;
  for (size_t size = std::min(text.find("\nend of trees"), text.find("\nfeature importances"));
       size < bytes.size(); ++size) {
    // Where only the end of a line is missing, nothing is.
    const bool is_whole = size + 1 == whole || size + 1 == bytes.size() ||
                          (size >= whole && text.find_first_not_of('\n', whole) >= size);
    if (!is_whole) {
      try_bytes(std::span(bytes).first(size));
      ASSERT_EQ(models_, 0U) << size << " of " << bytes.size();
    }
  }
  try_bytes(std::span(bytes).first(whole));
  EXPECT_EQ(models_, 1U);
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

/// Of LightGBM, with what shows that the tail is whole: the file with carriage returns has nothing.
std::vector<Fixture> golden_texts() {
  std::vector<Fixture> texts = golden_models();
  std::erase_if(texts, [](const Fixture& one) {
    const auto bytes = file_bytes(one.file);
    const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    return !text.starts_with("tree\n");
  });
  return texts;
}

std::string test_name(const testing::TestParamInfo<Fixture>& one) {
  std::string name = one.param.name();
  std::ranges::replace_if(name, [](char c) { return std::isalnum(c) == 0; }, '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Golden, Damaged, testing::ValuesIn(golden_models()), test_name);
INSTANTIATE_TEST_SUITE_P(Golden, DamagedText, testing::ValuesIn(golden_texts()), test_name);

}  // namespace
}  // namespace ringmaker::model
