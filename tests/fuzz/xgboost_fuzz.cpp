// Models of XGBoost in every format: whatever the bytes, importing answers with a model that
// compiles and scores, and that its own artifact gives back, or with an error.
#include "model/artifact.h"
#include "model/import/importer.h"

#include <cstdlib>
#include <limits>
#include <vector>

namespace {

using namespace ringmaker;

std::vector<float> scores_of(const model::Model& model) {
  const auto predictor = model::compile(model, base::InstructionSet::kPortable);
  if (!predictor) {
    std::abort();
  }
  const size_t columns = model.schema.feature_count();
  std::vector<float> rows(2 * columns, std::numeric_limits<float>::quiet_NaN());
  for (size_t j = 0; j < columns; ++j) {
    rows[j] = static_cast<float>(j) - 0.5F;
  }
  std::vector<float> scores(2 * model.output.score_columns());
  (*predictor)->predict({rows.data(), 2, columns}, {scores.data(), 2, scores.size() / 2});
  return scores;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto input = std::as_bytes(std::span(data, size));
  std::vector<std::byte> padded(input.begin(), input.end());
  padded.resize(size + model::kImportPadding);
  const auto imported = model::import_model(std::span(padded).first(size));
  // A model of a million columns is a model, but none to spend the hours on.
  if (!imported || imported->schema.feature_count() > 4096) {
    return 0;
  }
  const std::vector<float> scores = scores_of(*imported);
  const auto bytes = model::encode_artifact(*imported);
  const auto back = model::decode_artifact(bytes);
  if (!back || model::encode_artifact(*back) != bytes || scores_of(*back).size() != scores.size()) {
    std::abort();
  }
  return 0;
}
