// WebsocketWriter: messages and control frames as the bytes of a server's frames (RFC 6455).
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

struct wslay_frame_context;

namespace ringmaker::http {

enum class WebsocketOpcode : uint8_t {
  kContinuation = 0,
  kText = 1,
  kBinary = 2,
  kClose = 8,
  kPing = 9,
  kPong = 10,
};

/// Whole frames only, so that one serves any number of peers. Not thread-safe.
class WebsocketWriter {
 public:
  WebsocketWriter();

  /// `last`: the message ends with this frame. Of control frames the payload has at most 125 bytes.
  void append(std::string& out, WebsocketOpcode opcode, std::string_view payload, bool last = true);
  /// A code of 1005 is left out, with the reason. What does not fit of the reason, which is ASCII,
  /// is cut.
  void append_close(std::string& out, uint16_t code, std::string_view reason);

 private:
  struct FreeContext {
    void operator()(wslay_frame_context* context) const noexcept;
  };
  static ssize_t send(const uint8_t* bytes, size_t size, int flags, void* self);

  std::unique_ptr<wslay_frame_context, FreeContext> context_;
  std::string* out_ = nullptr;
};

}  // namespace ringmaker::http
