// InferenceExchange: a request to a model by an inference protocol, whose clients know errors as
// {"error": "..."} and nothing else.
#pragma once

#include "http/exchange.h"

#include <cstdint>
#include <optional>
#include <string_view>

namespace ringmaker::serve {

/// Lives in the arena of `outer`, which must outlive it, and so is never destroyed.
class InferenceExchange final : public http::Exchange {
 public:
  static InferenceExchange& make(http::Exchange& outer);

  [[nodiscard]] const http::RequestHead& head() const noexcept override { return outer_.head(); }
  [[nodiscard]] uint64_t started_ns() const noexcept override { return outer_.started_ns(); }
  [[nodiscard]] base::Arena& arena() noexcept override { return outer_.arena(); }
  [[nodiscard]] void*& user() noexcept override { return outer_.user(); }
  void respond(const http::ResponseHead& head, std::string_view body) override;
  void begin_response(const http::ResponseHead& head, std::optional<uint64_t> body_bytes) override {
    outer_.begin_response(head, body_bytes);
  }
  [[nodiscard]] bool write(std::string_view part) override { return outer_.write(part); }
  void finish() override { outer_.finish(); }
  void abort() override { outer_.abort(); }
  void switch_protocols(const http::ResponseHead& head) override { outer_.switch_protocols(head); }
  void wake_at(uint64_t time_ns) override { outer_.wake_at(time_ns); }
  void pause_body() override { outer_.pause_body(); }
  void resume_body() override { outer_.resume_body(); }

 private:
  explicit InferenceExchange(http::Exchange& outer) noexcept : outer_(outer) {}

  http::Exchange& outer_;
};

}  // namespace ringmaker::serve
