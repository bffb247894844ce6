#include "model/import/import_format.h"

#include "model/import/lightgbm/lightgbm_text.h"
#include "model/import/onnx/onnx_file.h"
#include "model/import/pickle_scan.h"
#include "model/import/xgboost/xgboost_binary.h"
#include "wire/utf8.h"

#include <algorithm>
#include <array>

namespace ringmaker::model {
namespace {

using base::Result;
using std::string_view_literals::operator""sv;

constexpr std::string_view kSnapshotMark = "CONFIG-offset:";
constexpr std::string_view kBlanks = " \t\r\n";
constexpr size_t kLooked = 4096;
constexpr size_t kPieceBytes = size_t{64} << 10U;
/// Behind so much of other fields (a configuration, notes) no learner is looked for.
constexpr uint64_t kSearchedMax = uint64_t{16} << 20U;

std::string_view text_of(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// Whether `key` stands in the text and has an object: one word alone may stand in any text.
bool has_object(std::string_view text, std::string_view key) {
  for (size_t at = text.find(key); at != std::string_view::npos; at = text.find(key, at + 1)) {
    size_t next = std::min(text.find_first_not_of(kBlanks, at + key.size()), text.size() - 1);
    next = text[next] == ':' ? text.find_first_not_of(kBlanks, next + 1) : std::string_view::npos;
    if (next != std::string_view::npos && text[next] == '{') {
      return true;
    }
  }
  return false;
}

/// A JSON object is a model of XGBoost where it has a learner that has what learners have. A
/// configuration (Booster.save_config) has how it was trained instead of a model.
Result<bool> speaks_of_xgboost(const ByteSource& file) {
  constexpr std::array kFields{"\"attributes\""sv, "\"feature_names\""sv, "\"gradient_booster\""sv,
                               "\"learner_model_param\""sv};
  constexpr size_t kOverlap = 256;  // a word may be cut by the end of a piece
  bool learner = false;
  bool field = false;
  bool model = false;
  bool training = false;
  const uint64_t end = std::min(file.size, kSearchedMax);
  for (uint64_t at = 0; at < end && !(learner && field && model); at += kPieceBytes - kOverlap) {
    RM_ASSIGN(const auto bytes, file.read(at, kPieceBytes));
    const std::string_view piece = text_of(bytes);
    learner = learner || has_object(piece, "\"learner\"");
    field = field || std::ranges::any_of(kFields, [&](std::string_view one) {
              return piece.find(one) != std::string_view::npos;
            });
    model = model || has_object(piece, "\"model\"");
    training = training || has_object(piece, "\"learner_train_param\"");
  }
  return learner && field && (model || !training);
}

}  // namespace

std::string_view name(ImportFormat format) noexcept {
  switch (format) {
    case ImportFormat::kXgboostJson:
      return "XGBoost JSON";
    case ImportFormat::kXgboostUbjson:
      return "XGBoost UBJSON";
    case ImportFormat::kXgboostBinary:
      return "XGBoost binary";
    case ImportFormat::kXgboostSnapshot:
      return "XGBoost snapshot";
    case ImportFormat::kPickle:
      return "Python pickle";
    case ImportFormat::kLightgbmText:
      return "LightGBM text";
    case ImportFormat::kOnnx:
      return "ONNX";
  }
  return "unknown";
}

Result<std::optional<ImportFormat>> import_format(const ByteSource& file) {
  RM_ASSIGN(const auto head, file.read(0, kLooked));
  const std::string_view text = text_of(head);
  if (text.starts_with(kSnapshotMark)) {
    return ImportFormat::kXgboostSnapshot;
  }
  if (is_lightgbm_text(text)) {
    return ImportFormat::kLightgbmText;
  }
  if (is_xgboost_binary(head)) {  // whose first bytes may be any: a number
    return ImportFormat::kXgboostBinary;
  }
  if (is_pickle(head)) {
    return ImportFormat::kPickle;
  }
  if (text.size() >= 2 && text[0] == '{' && "LlIiU"sv.find(text[1]) != std::string_view::npos) {
    return ImportFormat::kXgboostUbjson;
  }
  const std::string_view json = wire::without_byte_order_mark(text);
  const size_t first = json.find_first_not_of(kBlanks);
  if (first != std::string_view::npos && json[first] == '{') {
    RM_ASSIGN(const bool speaks, speaks_of_xgboost(file));
    return speaks ? std::optional(ImportFormat::kXgboostJson) : std::nullopt;
  }
  RM_ASSIGN(const bool onnx, is_onnx(file));
  return onnx ? std::optional(ImportFormat::kOnnx) : std::nullopt;
}

std::optional<ImportFormat> import_format(std::span<const std::byte> bytes) {
  return import_format(source_of(bytes)).value_or(std::nullopt);
}

}  // namespace ringmaker::model
