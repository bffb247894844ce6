#include "bench/trees/model_files.h"
#include "model/artifact.h"
#include "model/import/importer.h"

#include <span>
#include <vector>

namespace ringmaker::bench {

std::string our_artifact(const model::TreeEnsemble& ensemble) {
  std::string document = xgboost_ubjson(ensemble);
  const size_t size = document.size();
  document.resize(size + model::kImportPadding);
  const auto model = model::import_model(std::as_bytes(std::span(document)).first(size)).value();
  const std::vector<std::byte> bytes = model::encode_artifact(model);
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace ringmaker::bench
