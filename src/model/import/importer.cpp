#include "model/import/importer.h"

#include "model/import/lightgbm/lightgbm_model.h"
#include "model/import/lightgbm/lightgbm_text.h"
#include "model/import/onnx/onnx_file.h"
#include "model/import/onnx/onnx_model.h"
#include "model/import/pickle_scan.h"
#include "model/import/xgboost/xgboost_binary.h"
#include "model/import/xgboost/xgboost_document.h"
#include "model/import/xgboost/xgboost_model.h"
#include "wire/json_events.h"
#include "wire/little_endian.h"

#include <fmt/core.h>

#include <algorithm>

namespace ringmaker::model {
namespace {

using base::ErrorCode;
using base::fail;
using base::Result;
using std::string_view_literals::operator""sv;

static_assert(kImportPadding >= wire::JsonEvents::kPadding);

constexpr std::string_view kSnapshotMark = "CONFIG-offset:";
constexpr size_t kLooked = 4096;

std::string_view text_of(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// A JSON object is an XGBoost model when it speaks of one near its beginning, or near its end:
/// with its configuration in front, "learner" may come late.
bool speaks_of_xgboost(std::string_view text) {
  const std::string_view head = text.substr(0, kLooked);
  const std::string_view tail = text.substr(text.size() - std::min(text.size(), kLooked));
  return head.find("\"learner\"") != std::string_view::npos ||
         tail.find("\"learner") != std::string_view::npos ||
         head.find("\"gradient_booster\"") != std::string_view::npos;
}

Result<XgboostFile> read_snapshot(std::span<const std::byte> bytes) {
  wire::LittleEndianReader reader(bytes);
  reader.skip(kSnapshotMark.size());
  const auto size = reader.read<int64_t>();
  const auto model = reader.take(static_cast<size_t>(std::max<int64_t>(size, 0)));
  if (reader.failed() || size <= 0) {
    return fail(ErrorCode::kCorrupt,
                fmt::format("the snapshot is cut off: its model has {} bytes, {} are there", size,
                            bytes.size()));
  }
  return read_xgboost_binary(model);
}

Result<XgboostFile> read_pickle(std::span<const std::byte> bytes);

Result<XgboostFile> read_file(ImportFormat format, std::span<const std::byte> bytes) {
  switch (format) {
    case ImportFormat::kXgboostJson:
      return read_xgboost_json(text_of(bytes));
    case ImportFormat::kXgboostUbjson:
      return read_xgboost_ubjson(bytes);
    case ImportFormat::kXgboostBinary:
      return read_xgboost_binary(bytes);
    case ImportFormat::kXgboostSnapshot:
      return read_snapshot(bytes);
    case ImportFormat::kPickle:
      return read_pickle(bytes);
    case ImportFormat::kLightgbmText:
    case ImportFormat::kOnnx:
      break;  // no file of XGBoost
  }
  return fail(ErrorCode::kUnsupported, "the model file's format is unknown");
}

Result<XgboostFile> read_pickle(std::span<const std::byte> bytes) {
  RM_ASSIGN(PickledBytes found, scan_pickle(bytes));
  const size_t size = found.longest.size();
  found.longest.resize(size + kImportPadding);
  const auto inner = std::span<const std::byte>(found.longest).first(size);
  const auto format = import_format(inner);
  if (!found.of_xgboost || !format || *format == ImportFormat::kPickle) {
    return fail(ErrorCode::kUnsupported,
                "the model file is a Python pickle of something else than an XGBoost Booster. A "
                "pickle can hold programs and is never run: save the model in its library's own "
                "format, with booster.save_model(\"xgboost-model.json\") for XGBoost");
  }
  return read_file(*format, inner);
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

std::optional<ImportFormat> import_format(std::span<const std::byte> bytes) noexcept {
  const std::string_view text = text_of(bytes);
  if (text.starts_with(kSnapshotMark)) {
    return ImportFormat::kXgboostSnapshot;
  }
  if (is_lightgbm_text(text)) {
    return ImportFormat::kLightgbmText;
  }
  if (is_pickle(bytes)) {
    return ImportFormat::kPickle;
  }
  if (text.size() >= 2 && text[0] == '{' && "LlIiU"sv.find(text[1]) != std::string_view::npos) {
    return ImportFormat::kXgboostUbjson;
  }
  const size_t first = text.find_first_not_of(" \t\r\n");
  if (first != std::string_view::npos && text[first] == '{') {
    return speaks_of_xgboost(text) ? std::optional(ImportFormat::kXgboostJson) : std::nullopt;
  }
  if (is_onnx(bytes)) {
    return ImportFormat::kOnnx;
  }
  return is_xgboost_binary(bytes) ? std::optional(ImportFormat::kXgboostBinary) : std::nullopt;
}

Result<Model> import_model(std::span<const std::byte> bytes) {
  const auto format = import_format(bytes);
  if (!format) {
    return fail(ErrorCode::kUnsupported, "the model file's format is unknown");
  }
  if (*format == ImportFormat::kLightgbmText) {
    RM_ASSIGN(LightgbmFile file, read_lightgbm_text(text_of(bytes)));
    return model_of(std::move(file));
  }
  if (*format == ImportFormat::kOnnx) {
    return import_onnx(bytes);
  }
  RM_ASSIGN(XgboostFile file, read_file(*format, bytes));
  return model_of(std::move(file));
}

}  // namespace ringmaker::model
