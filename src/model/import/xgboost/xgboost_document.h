// XgboostDocument: the JSON or UBJSON of a model of XGBoost, read as a run of events.
//
// Both carry the same tree of fields. A tree of the model is translated as soon as its object ends,
// so that no more than one is ever held in the library's form.
#pragma once

#include "base/result.h"
#include "model/import/xgboost/xgboost_file.h"

#include <cstddef>
#include <span>
#include <string_view>

namespace ringmaker::model {

/// `text` has wire::JsonEvents::kPadding readable bytes behind it. kCorrupt for what is no JSON,
/// with its byte; kInvalidInput for a field that cannot be, with its name.
[[nodiscard]] base::Result<XgboostFile> read_xgboost_json(std::string_view text);
/// The same for UBJSON.
[[nodiscard]] base::Result<XgboostFile> read_xgboost_ubjson(std::span<const std::byte> bytes);

}  // namespace ringmaker::model
