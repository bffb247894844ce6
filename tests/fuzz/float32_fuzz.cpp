#include "tests/fuzz/decoding_oracle.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  ringmaker::codec::fuzz_decoder(ringmaker::codec::Format::kFloat32, data, size);
  return 0;
}
