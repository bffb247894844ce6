#include "serve/server_timing.h"

#include "serve/custom_attributes.h"

#include <fmt/core.h>

namespace ringmaker::serve {

bool asks_for_timing(const http::RequestHead& head) noexcept {
  return has_custom_attribute(head, "server-timing", "true");
}

ServerTiming::ServerTiming(const PhaseTimes& times) noexcept {
  for (const Phase phase :
       {Phase::kRead, Phase::kDecode, Phase::kWait, Phase::kPredict, Phase::kEncode}) {
    const auto end = fmt::format_to_n(text_.data() + size_, kBytesMaxPerPhase, "{}{};dur={:.3f}",
                                      size_ == 0 ? "" : ", ", name(phase),
                                      static_cast<double>(times[phase]) / 1e6);
    size_ = static_cast<size_t>(end.out - text_.data());
  }
}

}  // namespace ringmaker::serve
