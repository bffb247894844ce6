// EndpointExchange: a request to a model as the clients of SageMaker's API make it, which between
// them and a container the platform stands for.
//
// Who answers it sees an exchange like all others. The caller sees what the platform makes of the
// answer: the scores with the platform's header fields, and of an error a ModelError, 424, which
// tells the status and text of the model's own (InvokeEndpoint, API reference of SageMaker
// Runtime).
#pragma once

#include "serve/forwarding_exchange.h"

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace ringmaker::serve {

/// Both must outlive it.
class EndpointExchange final : public ForwardingExchange {
 public:
  /// `request_number`: what the caller's request id is made of.
  static EndpointExchange& make(http::Exchange& outer, uint64_t request_number) {
    return make_in_arena<EndpointExchange>(outer, request_number);
  }

  void respond(const http::ResponseHead& head, std::string_view body) override;
  void begin_response(const http::ResponseHead& head, std::optional<uint64_t> body_bytes) override;

  /// What the platform itself says, not a model: `type` is the name that clients raise.
  void refuse(int status, std::string_view type, std::string_view sentence);

 private:
  friend class ForwardingExchange;
  EndpointExchange(http::Exchange& outer, uint64_t request_number) noexcept;
  /// With the fields that every answer of the platform has.
  [[nodiscard]] http::ResponseHead dressed(const http::ResponseHead& head,
                                           std::string_view error_type = {});

  static constexpr size_t kFieldsMax = 8;

  std::array<char, 36> request_id_;
  std::array<http::Header, kFieldsMax> fields_;
};

}  // namespace ringmaker::serve
