// Model files: whatever the bytes, decoding answers with a model that compiles or with an error.
//
// The checksum would stop nearly every mutation, so the body also mends the header of its input
// and decodes again: that reaches the JSON, the tensor directory and the checks of the model.
#include "model/artifact.h"
#include "model/artifact_header.h"
#include "wire/little_endian.h"

#include <cstdlib>
#include <new>

namespace {

using namespace ringmaker;

void decode_and_score(std::span<const std::byte> bytes) {
  const auto model = model::decode_artifact(bytes);
  if (!model) {
    return;
  }
  const auto predictor = model::compile(*model, base::InstructionSet::kPortable);
  if (!predictor) {
    std::abort();
  }
  data::DenseBlock rows((*predictor)->schema().feature_count(), 1);
  data::DenseBlock scores((*predictor)->output().score_columns(), 1);
  rows.resize(1);
  scores.resize(1);
  for (size_t j = 0; j < rows.columns(); ++j) {
    rows.span().values[j] = static_cast<float>(j);
  }
  (*predictor)->predict(rows.view(), scores.span());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto input = std::as_bytes(std::span(data, size));
  decode_and_score(input);
  if (size >= model::kArtifactHeaderBytes) {
    std::vector<std::byte> mended(input.begin(), input.end());
    const auto json_bytes = wire::load_little_endian<uint64_t>(&mended[24]);
    model::write_artifact_header(mended, json_bytes);
    decode_and_score(mended);
  }
  return 0;
}
