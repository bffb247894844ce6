// PassedOn: the header fields of a request that its answer carries back.
//
// The platform hands X-Amzn-SageMaker-Custom-Attributes to the container and nothing to the caller
// but what the container sets: who tags a request with it finds the tag on the answer.
#pragma once

#include "http/exchange.h"
#include "serve/custom_attributes.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace ringmaker::serve {

/// Views of the request's head, or of itself.
class PassedOn {
 public:
  /// As the platform has it: 1024 visible ASCII characters and blanks. Others are not passed on.
  static constexpr size_t kBytesMax = 1024;

  explicit PassedOn(const http::RequestHead& head) noexcept
      : field_{{{kCustomAttributes, custom_attributes(head, joined_)}}} {
    const std::string_view value = field_[0].value;
    const bool plain =
        std::all_of(value.begin(), value.end(), [](char c) { return c >= ' ' && c <= '~'; });
    present_ = !value.empty() && value.size() <= kBytesMax && plain;
  }

  PassedOn(const PassedOn&) = delete;
  PassedOn& operator=(const PassedOn&) = delete;

  [[nodiscard]] std::span<const http::Header> headers() const noexcept {
    return std::span(field_).first(present_ ? 1 : 0);
  }

 private:
  std::string joined_;
  std::array<http::Header, 1> field_;
  bool present_ = false;
};

}  // namespace ringmaker::serve
