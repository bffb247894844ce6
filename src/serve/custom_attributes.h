// Custom attributes: what a caller says of his request by X-Amzn-SageMaker-Custom-Attributes, the
// one field of his that the platform hands on: texts like stream=true, which ; or , divides.
// Several fields are one list.
#pragma once

#include "http/exchange.h"

#include <string>
#include <string_view>

namespace ringmaker::serve {

inline constexpr std::string_view kCustomAttributes = "X-Amzn-SageMaker-Custom-Attributes";

/// Lives as long as the head and `scratch`.
[[nodiscard]] inline std::string_view custom_attributes(const http::RequestHead& head,
                                                        std::string& scratch) {
  return head.header_list(kCustomAttributes, scratch);
}

/// Letter case and blanks around name and value do not matter.
[[nodiscard]] bool has_custom_attribute(const http::RequestHead& head, std::string_view name,
                                        std::string_view value) noexcept;

}  // namespace ringmaker::serve
