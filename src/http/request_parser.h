// RequestParser: a gated head becomes a RequestHead and the framing of its body.
//
// The head gate has decided that the bytes have one reading; llhttp, in its strict mode, has to
// agree, and names the method. The rules about single fields that decide framing are ours.
#pragma once

#include "http/exchange.h"
#include "http/head_gate.h"
#include "http/limits.h"
#include "http/refusal.h"

#include <array>
#include <memory>
#include <span>
#include <string_view>

namespace ringmaker::http {

struct ParsedHead {
  RequestHead head;
  bool keep_alive = true;
  bool expects_continue = false;
};

/// One a shard; not thread-safe.
class RequestParser {
 public:
  RequestParser();
  ~RequestParser();
  RequestParser(const RequestParser&) = delete;
  RequestParser& operator=(const RequestParser&) = delete;

  /// `bytes` are those the gate has inspected and let through; the views of the result point into
  /// them and into `headers`. A refusal means that the connection has to be closed after it.
  [[nodiscard]] Refusal parse(const HeadGate& gate, std::string_view bytes,
                              std::span<Header, kFieldsMax> headers, ParsedHead& parsed) noexcept;

 private:
  struct Llhttp;
  [[nodiscard]] Refusal ask_llhttp(std::string_view head, std::string_view method,
                                   RequestHead& out) noexcept;

  std::unique_ptr<Llhttp> llhttp_;
};

/// True when the comma-separated `list` holds `token`, in any case.
[[nodiscard]] bool list_contains(std::string_view list, std::string_view token) noexcept;

}  // namespace ringmaker::http
