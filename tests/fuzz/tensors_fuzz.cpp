// Requests of the Open Inference Protocol, all JSON or with values as bytes behind it.
#include "tests/fuzz/decoding_oracle.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace ringmaker::codec;
  fuzz_decoder(Format::kTensors, data, size);
  if (size > 5) {
    fuzz_decoder(Format::kTensors, data + 1, size - 1, {.json_bytes = data[0] * 2U});
  }
  return 0;
}
