// MessageHead: what a message of a stream is taken for, as the head of a request.
//
// A stream is opened by one request, whose header fields hold for each of its messages. Those who
// cannot set header fields (the platform's API has none for a stream, nor have browsers) say
// ?content-type= and ?accept= instead, which are percent-decoded and beat the fields. Where neither
// declares a type, a message is JSON if its first character that is no blank is { or [, else CSV:
// no row of CSV begins so.
#pragma once

#include "base/arena.h"
#include "http/exchange.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace ringmaker::serve {

/// Not thread-safe. Views of the handshake's head and of the arena, which outlive it.
class MessageHead {
 public:
  void open(const http::RequestHead& handshake, base::Arena& arena);

  /// As declared, or empty.
  [[nodiscard]] std::string_view content_type() const noexcept { return content_type_; }
  [[nodiscard]] std::string_view accept() const noexcept { return accept_; }
  /// Of the message that begins so. Without `bytes` it still comes.
  [[nodiscard]] http::RequestHead of(std::string_view beginning,
                                     std::optional<uint64_t> bytes) const noexcept;

 private:
  std::string_view path_;
  std::string_view content_type_;
  std::string_view accept_;
  std::span<const http::Header> csv_;   // the fields of a message
  std::span<const http::Header> json_;  // the same, where it is JSON and nothing else is declared
};

}  // namespace ringmaker::serve
