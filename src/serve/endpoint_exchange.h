// EndpointExchange: a request to a model as the clients of SageMaker's API make it, which between
// them and a container the platform stands for.
//
// Who answers it sees an exchange like all others. The caller sees what the platform makes of the
// answer: the scores with the platform's header fields, and of an error a ModelError, 424, which
// tells the status and text of the model's own (InvokeEndpoint, API reference of SageMaker
// Runtime).
#pragma once

#include "http/exchange.h"

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace ringmaker::serve {

/// Both must outlive it. Lives in the arena of `outer`, and so is never destroyed.
class EndpointExchange final : public http::Exchange {
 public:
  /// `request_number`: what the caller's request id is made of.
  static EndpointExchange& make(http::Exchange& outer, uint64_t request_number);

  [[nodiscard]] const http::RequestHead& head() const noexcept override { return outer_.head(); }
  [[nodiscard]] uint64_t started_ns() const noexcept override { return outer_.started_ns(); }
  [[nodiscard]] base::Arena& arena() noexcept override { return outer_.arena(); }
  [[nodiscard]] void*& user() noexcept override { return outer_.user(); }
  void respond(const http::ResponseHead& head, std::string_view body) override;
  void begin_response(const http::ResponseHead& head, std::optional<uint64_t> body_bytes) override;
  [[nodiscard]] bool write(std::string_view part) override { return outer_.write(part); }
  void finish() override { outer_.finish(); }
  void abort() override { outer_.abort(); }
  void switch_protocols(const http::ResponseHead& head) override { outer_.switch_protocols(head); }
  void wake_at(uint64_t time_ns) override { outer_.wake_at(time_ns); }
  void pause_body() override { outer_.pause_body(); }
  void resume_body() override { outer_.resume_body(); }

  /// What the platform itself says, not a model: `type` is the name that clients raise.
  void refuse(int status, std::string_view type, std::string_view sentence);

 private:
  EndpointExchange(http::Exchange& outer, uint64_t request_number) noexcept;
  /// With the fields that every answer of the platform has.
  [[nodiscard]] http::ResponseHead dressed(const http::ResponseHead& head,
                                           std::string_view error_type = {});

  static constexpr size_t kFieldsMax = 8;

  http::Exchange& outer_;
  std::array<char, 36> request_id_;
  std::array<http::Header, kFieldsMax> fields_;
};

}  // namespace ringmaker::serve
