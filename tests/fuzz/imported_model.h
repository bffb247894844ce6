// What fuzz bodies of importers share: an imported model compiles and scores, and its own artifact
// gives it back.
#pragma once

#include "model/artifact.h"
#include "model/import/importer.h"

#include <cstdlib>
#include <limits>
#include <vector>

namespace ringmaker::fuzz {

inline std::vector<float> scores_of(const model::Model& model) {
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

inline void import_and_score(std::span<const std::byte> input) {
  std::vector<std::byte> padded(input.begin(), input.end());
  padded.resize(input.size() + model::kImportPadding);
  const auto imported = model::import_model(std::span(padded).first(input.size()));
  // A model of a million columns is a model, but none to spend the hours on.
  if (!imported || imported->schema.feature_count() > 4096) {
    return;
  }
  const std::vector<float> scores = scores_of(*imported);
  const auto bytes = model::encode_artifact(*imported);
  const auto back = model::decode_artifact(bytes);
  if (!back || model::encode_artifact(*back) != bytes || scores_of(*back).size() != scores.size()) {
    std::abort();
  }
}

}  // namespace ringmaker::fuzz
