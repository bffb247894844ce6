// Custom attributes: what a caller says of his request by X-Amzn-SageMaker-Custom-Attributes, the
// one field of his that the platform hands on: texts like stream=true, which ; or , divides.
#pragma once

#include "http/exchange.h"

#include <string_view>

namespace ringmaker::serve {

inline constexpr std::string_view kCustomAttributes = "X-Amzn-SageMaker-Custom-Attributes";

/// Letter case does not matter.
[[nodiscard]] bool has_custom_attribute(const http::RequestHead& head,
                                        std::string_view attribute) noexcept;

}  // namespace ringmaker::serve
