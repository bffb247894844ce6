// ForwardingExchange: an exchange that hands everything on to another. Those who change what
// leaves derive from it, and say only what they change.
//
// It lives in the arena of `outer`, and so is never destroyed: what derives from it may own
// nothing.
#pragma once

#include "http/exchange.h"

#include <cstdint>
#include <new>
#include <optional>
#include <string_view>
#include <utility>

namespace ringmaker::serve {

class ForwardingExchange : public http::Exchange {
 public:
  [[nodiscard]] const http::RequestHead& head() const noexcept override { return outer_.head(); }
  [[nodiscard]] uint64_t started_ns() const noexcept override { return outer_.started_ns(); }
  [[nodiscard]] uint64_t waited_ns() const noexcept override { return outer_.waited_ns(); }
  [[nodiscard]] base::Arena& arena() noexcept override { return outer_.arena(); }
  [[nodiscard]] void*& user() noexcept override { return outer_.user(); }
  void respond(const http::ResponseHead& head, std::string_view body) override {
    outer_.respond(head, body);
  }
  void begin_response(const http::ResponseHead& head, std::optional<uint64_t> body_bytes) override {
    outer_.begin_response(head, body_bytes);
  }
  [[nodiscard]] bool write(std::string_view part) override { return outer_.write(part); }
  void finish() override { outer_.finish(); }
  void abort(std::string_view why) override { outer_.abort(why); }
  void switch_protocols(const http::ResponseHead& head) override { outer_.switch_protocols(head); }
  void wake_at(uint64_t time_ns) override { outer_.wake_at(time_ns); }
  void pause_body() override { outer_.pause_body(); }
  void resume_body() override { outer_.resume_body(); }

 protected:
  explicit ForwardingExchange(http::Exchange& outer) noexcept : outer_(outer) {}

  template <typename Derived, typename... Arguments>
  static Derived& make_in_arena(http::Exchange& outer, Arguments&&... arguments) {
    void* const place = outer.arena().allocate(sizeof(Derived), alignof(Derived));
    return *new (place) Derived(outer, std::forward<Arguments>(arguments)...);
  }

  http::Exchange& outer_;
};

}  // namespace ringmaker::serve
