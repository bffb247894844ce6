// Coded bytes: what comes out, and whether the stream is whole, does not depend on pieces, steps or
// the inflater's past. The first bytes choose the coding, the cut and the step.
#include "base/check.h"
#include "wire/inflater.h"

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace {

using namespace ringmaker;

struct Outcome {
  std::string text;
  bool whole = false;
};

constexpr size_t kTextBytesMax = 1U << 20U;

Outcome inflate(wire::Inflater& inflater, std::string_view stream, size_t cut, size_t step_bytes) {
  inflater.reset();
  Outcome outcome;
  const auto out = std::make_unique<char[]>(step_bytes);
  for (const std::string_view piece : {stream.substr(0, cut), stream.substr(cut)}) {
    std::string_view rest = piece;
    for (bool more = true; more;) {
      const wire::InflateStep step = inflater.step(rest, {out.get(), step_bytes});
      RM_CHECK(step.consumed <= rest.size());
      RM_CHECK(step.produced <= step_bytes);
      rest.remove_prefix(step.consumed);
      outcome.text.append(out.get(), step.produced);
      if (step.broken) {
        RM_CHECK(!inflater.problem().empty());
        return outcome;
      }
      if (outcome.text.size() > kTextBytesMax) {
        return {};
      }
      more = step.produced == step_bytes;
      RM_CHECK(more || rest.empty());
    }
  }
  outcome.whole = inflater.at_end();
  return outcome;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 3) {
    return 0;
  }
  static const std::array kInflaters{wire::make_inflater(wire::Coding::kGzip),
                                     wire::make_inflater(wire::Coding::kDeflate),
                                     wire::make_inflater(wire::Coding::kZstd)};
  const size_t coding = data[0] % wire::kCodings;
  const std::string_view stream(reinterpret_cast<const char*>(data) + 3, size - 3);
  const size_t cut = data[1] % (stream.size() + 1);
  const Outcome at_once = inflate(*kInflaters[coding], stream, 0, 64 * 1024);
  const Outcome cut_up = inflate(*kInflaters[coding], stream, cut, 1 + data[2] * size_t{16});
  RM_CHECK(at_once.whole == cut_up.whole);
  RM_CHECK(!at_once.whole || at_once.text == cut_up.text);
  return 0;
}
