// WebsocketReader: the bytes of one peer become pieces of messages and control frames (RFC 6455).
//
//   bytes --wslay--> frames, unmasked --> pieces: first ... last of a message, ping, pong, close
//
// wslay reads frames, one at a time; what frames may follow one another, how long a message may be
// and whether its text is text is decided here, of a frame as soon as its head is there. Messages
// are not collected: a piece lies in the buffer of the frame reader, at most 4 KiB, and a message
// within one frame of that size is one piece.
//
// Invariant: after kClose or kFailed nothing is read any more.
#pragma once

#include "http/utf8_stream.h"
#include "http/websocket_code.h"
#include "http/websocket_frame_head.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

struct wslay_frame_context;
struct wslay_frame_iocb;  // NOLINT(readability-identifier-naming): wslay names it so

namespace ringmaker::http {

/// Not thread-safe.
class WebsocketReader {
 public:
  enum class Kind : uint8_t {
    kNeedMore,  // all that was given is taken
    kData,      // a piece of a message, perhaps empty
    kPing,
    kPong,
    kClose,
    kFailed,  // the peer does not keep to the protocol or the limit: close with `code`
  };
  struct Event {
    Kind kind = Kind::kNeedMore;
    bool text = false;      // the message's kind
    bool first = false;     // the message begins with this piece
    bool last = false;      // and ends with it
    uint16_t code = 0;      // of kClose (kNone: it had none) and kFailed
    std::string_view data;  // until the next call; of kClose and kFailed the reason
  };

  WebsocketReader();
  ~WebsocketReader();
  WebsocketReader(const WebsocketReader&) = delete;
  WebsocketReader& operator=(const WebsocketReader&) = delete;

  /// For a new peer, whose messages may have so many bytes.
  void open(uint64_t message_bytes_max);
  /// `bytes` come next; they must live until next() says kNeedMore, or what is left of them is kept
  /// by means of rest() and given again.
  void give(std::string_view bytes) noexcept { input_ = bytes; }
  [[nodiscard]] Event next();
  [[nodiscard]] std::string_view rest() const noexcept { return input_; }
  /// A message has begun and has not ended.
  [[nodiscard]] bool in_message() const noexcept { return in_message_; }

 private:
  struct FreeContext {
    void operator()(wslay_frame_context* context) const noexcept;
  };

  static ssize_t receive(uint8_t* to, size_t size, int flags, void* self) noexcept;
  [[nodiscard]] size_t give_to(uint8_t* to, size_t size) noexcept;
  [[nodiscard]] const char* begin_frame() noexcept;
  [[nodiscard]] Event data_of(const wslay_frame_iocb& frame, std::string_view piece) noexcept;
  [[nodiscard]] Event control_of(const wslay_frame_iocb& frame) noexcept;
  [[nodiscard]] Event close_of(std::string_view payload) noexcept;
  [[nodiscard]] Event fail(uint16_t code, std::string_view reason) noexcept;

  std::unique_ptr<wslay_frame_context, FreeContext> context_;
  std::string_view input_;
  uint64_t message_bytes_max_ = 0;
  uint64_t message_bytes_ = 0;  // announced by its frames so far
  WebsocketFrameHead frame_;
  uint64_t frame_ungiven_ = 0;  // of its payload, to the frame reader
  uint64_t frame_left_ = 0;     // of its payload, to be read
  bool frame_begun_ = false;    // its head is there and found good
  bool in_message_ = false;
  bool text_ = false;
  bool first_ = false;
  bool ended_ = false;
  Utf8Stream utf8_;
  std::array<char, 125> control_{};
  size_t control_size_ = 0;
};

}  // namespace ringmaker::http
