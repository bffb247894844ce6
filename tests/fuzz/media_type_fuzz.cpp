// Media types and Accept lists: views stay inside the text, and what is parsed reads back.
#include "base/check.h"
#include "codec/media_type.h"

#include <cstdint>
#include <string>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace ringmaker::codec;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto parsed = parse_media_type(text)) {
    const std::string written = std::string(parsed->type) + '/' + std::string(parsed->subtype);
    const auto again = parse_media_type(written);
    RM_CHECK(again.has_value());
    RM_CHECK(again->is(parsed->type, parsed->subtype));
    // What a parameter declares is gone with it.
    RM_CHECK(request_format(text) == Format::kFloat32 ||
             request_format(written) == request_format(text));
    (void)parsed->parameter("q");
  }
  for (const Format request : {Format::kCsv, Format::kJson}) {
    const auto chosen = select_response_format(text, std::nullopt, request);
    // What is acceptable does not depend on what we would rather send.
    const Format other = request == Format::kCsv ? Format::kJson : Format::kCsv;
    RM_CHECK(chosen.has_value() == select_response_format(text, other, request).has_value());
  }
  return 0;
}
