// Payloads as JSON, and the tree reader of configuration files on the same bytes: what decodes to
// rows without NaN or Infinity in it is JSON to the tree reader as well. Numbers are what strtod
// says.
#include "tests/fuzz/decoding_oracle.h"
#include "tests/support/json_numbers.h"
#include "wire/json_reader.h"

#include <cmath>
#include <cstdlib>

namespace {

using namespace ringmaker;

class NumbersAreStrtods final : public test::JsonNumberHandler {
 public:
  bool on_number(double value, std::string_view token) override {
    const double expected = std::strtod(std::string(token).c_str(), nullptr);
    RM_CHECK(value == expected || (std::isnan(value) && std::isnan(expected)));
    return true;
  }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  codec::fuzz_decoder(codec::Format::kJson, data, size);
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  NumbersAreStrtods numbers;
  wire::JsonEvents events;
  const std::string padded = std::string(text) + std::string(wire::JsonEvents::kPadding, '\0');
  events.parse(std::string_view(padded).substr(0, size), numbers);
  for (const bool commas : {false, true}) {
    const auto tree = wire::JsonValue::parse(text, {.trailing_commas = commas});
    RM_CHECK(tree.has_value() || !tree.error().message().empty());
  }
  return 0;
}
