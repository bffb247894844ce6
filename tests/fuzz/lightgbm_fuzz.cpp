// Text models of LightGBM: whatever the bytes behind their first line, importing answers with a
// model that compiles and scores, and that its own artifact gives back, or with an error.
#include "tests/fuzz/imported_model.h"

#include <cstdint>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::string text = "tree\n";
  text.append(reinterpret_cast<const char*>(data), size);
  ringmaker::fuzz::import_and_score(std::as_bytes(std::span(text)));
  return 0;
}
