// Models of XGBoost in every format: whatever the bytes, importing answers with a model that
// compiles and scores, and that its own artifact gives back, or with an error.
#include "tests/fuzz/imported_model.h"

#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  ringmaker::fuzz::import_and_score(std::as_bytes(std::span(data, size)));
  return 0;
}
