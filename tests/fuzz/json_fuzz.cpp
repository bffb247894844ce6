// Payloads as JSON, and the tree reader of configuration files on the same bytes: what decodes to
// rows without NaN or Infinity in it is JSON to the tree reader as well.
#include "tests/fuzz/decoding_oracle.h"
#include "wire/json_reader.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace ringmaker;
  codec::fuzz_decoder(codec::Format::kJson, data, size);
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const bool commas : {false, true}) {
    const auto tree = wire::JsonValue::parse(text, {.trailing_commas = commas});
    RM_CHECK(tree.has_value() || !tree.error().message().empty());
  }
  return 0;
}
