// An ensemble as the files in which libraries keep their models.
#pragma once

#include "model/tree/tree_ensemble.h"

#include <string>

namespace ringmaker::bench {

/// Nodes ask "x < threshold", NaN takes a side, and all trees add to one output.
/// XGBoost's document, as JSON or UBJSON.
[[nodiscard]] std::string xgboost_json(const model::TreeEnsemble& ensemble);
[[nodiscard]] std::string xgboost_ubjson(const model::TreeEnsemble& ensemble);
/// LightGBM's text. It asks "x <= threshold": of the float below, so that it answers the same.
[[nodiscard]] std::string lightgbm_text(const model::TreeEnsemble& ensemble);
/// A graph of one TreeEnsembleRegressor.
[[nodiscard]] std::string onnx_graph(const model::TreeEnsemble& ensemble);

/// Our own model file, of what comes from XGBoost's.
[[nodiscard]] std::string our_artifact(const model::TreeEnsemble& ensemble);

}  // namespace ringmaker::bench
