// Models of ONNX: whatever the bytes, importing answers with a model that compiles and scores one
// row as it scores it among others, and that its own artifact gives back, or with an error.
#include "model/artifact.h"
#include "model/import/onnx/onnx_file.h"
#include "model/import/onnx/onnx_model.h"

#include <cstdlib>
#include <cstring>
#include <vector>

namespace {

using namespace ringmaker;

/// Models that are no mistake, but nothing to spend the hours on.
constexpr size_t kColumnsMax = 1024;
constexpr size_t kBytesMax = 1 << 16;

void check_scores(const model::Predictor& predictor) {
  const size_t columns = predictor.schema().feature_count();
  const size_t width = predictor.output().score_columns();
  std::vector<float> rows(3 * columns);
  for (size_t j = 0; j < rows.size(); ++j) {
    rows[j] = static_cast<float>(j % 7) - 2.5F;
  }
  std::vector<float> together(3 * width);
  std::vector<float> alone(width);
  predictor.predict({rows.data(), 3, columns}, {together.data(), 3, width});
  predictor.predict({rows.data() + columns, 1, columns}, {alone.data(), 1, width});
  if (std::memcmp(alone.data(), together.data() + width, width * sizeof(float)) != 0) {
    std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto input = std::as_bytes(std::span(data, std::min(size, kBytesMax)));
  static_cast<void>(model::is_onnx(model::source_of(input)));
  const auto imported = model::import_onnx(input);
  if (!imported || imported->schema.feature_count() > kColumnsMax) {
    return 0;
  }
  const auto predictor = model::compile(*imported, base::InstructionSet::kPortable);
  if (!predictor) {
    std::abort();
  }
  check_scores(**predictor);
  const auto bytes = model::encode_artifact(*imported);
  const auto back = model::decode_artifact(bytes);
  if (!back || model::encode_artifact(*back) != bytes) {
    std::abort();
  }
  return 0;
}
