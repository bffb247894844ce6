// AnswerFields: the header fields of an answer with scores, beside its type.
#pragma once

#include "http/exchange.h"
#include "serve/passed_on.h"
#include "serve/server_timing.h"
#include "wire/number_format.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace ringmaker::serve {

/// Views of the request's head and of itself.
class AnswerFields {
 public:
  /// `json_bytes`: of an answer in tensors, the JSON before values that follow it as bytes.
  /// `times`: of an answer that tells them.
  AnswerFields(const http::RequestHead& head, std::optional<uint64_t> json_bytes,
               const PhaseTimes* times = nullptr) noexcept
      : passed_on_(head) {
    std::ranges::copy(passed_on_.headers(), fields_.begin());
    count_ = passed_on_.headers().size();
    if (json_bytes) {
      const char* const end = wire::format_number(*json_bytes, number_.data());
      fields_[count_++] = {"Inference-Header-Content-Length",
                           {number_.data(), static_cast<size_t>(end - number_.data())}};
    }
    if (times != nullptr) {
      fields_[count_++] = {ServerTiming::kName, timing_.emplace(*times).value()};
    }
  }
  AnswerFields(const AnswerFields&) = delete;
  AnswerFields& operator=(const AnswerFields&) = delete;

  [[nodiscard]] std::span<const http::Header> headers() const noexcept {
    return std::span(fields_).first(count_);
  }

 private:
  PassedOn passed_on_;
  std::array<char, wire::kNumberBytesMax> number_{};
  std::optional<ServerTiming> timing_;
  std::array<http::Header, 3> fields_{};
  size_t count_ = 0;
};

}  // namespace ringmaker::serve
