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

static_assert(kImportPadding >= wire::JsonEvents::kPadding);

constexpr std::string_view kSnapshotMark = "CONFIG-offset:";

std::string_view text_of(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
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

bool is_of_xgboost(std::span<const std::byte> bytes) {
  const auto format = import_format(bytes);
  return format == ImportFormat::kXgboostJson || format == ImportFormat::kXgboostUbjson ||
         format == ImportFormat::kXgboostBinary || format == ImportFormat::kXgboostSnapshot;
}

/// What a Booster is in a pickle: an object of XGBoost's with its model, and one model only. More
/// (a scaler before it, a second model) would be left out of the answer.
Result<XgboostFile> read_pickle(std::span<const std::byte> bytes) {
  RM_ASSIGN(PickleContent content, scan_pickle(bytes));
  if (content.by_joblib) {
    return fail(ErrorCode::kUnsupported,
                "the model file was written by joblib, whose pickles hold raw arrays and are not "
                "read: save the model in its library's own format, with "
                "model.save_model(\"xgboost-model.json\") for XGBoost");
  }
  std::erase_if(content.strings, [](const auto& one) { return !is_of_xgboost(one); });
  if (!content.of_xgboost || content.strings.size() != 1) {
    return fail(ErrorCode::kUnsupported,
                "the model file is a Python pickle of something else than one XGBoost Booster. A "
                "pickle can hold programs and is never run: save the model in its library's own "
                "format, with booster.save_model(\"xgboost-model.json\") for XGBoost");
  }
  std::vector<std::byte>& inner = content.strings.front();
  const size_t size = inner.size();
  inner.resize(size + kImportPadding);
  const auto model = std::span<const std::byte>(inner).first(size);
  return read_file(*import_format(model), model);
}

}  // namespace

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
