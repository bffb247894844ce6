// MessageStream: one peer that sends payloads as messages of a WebSocket and gets their answers.
//
//   bytes ─▶ WebsocketReader ─▶ messages ─▶ Invocations ─▶ answers, in the order of the messages
//
//   kOpen ──peer's close, shutdown, idle, mistake──▶ kClosing ──answers are out──▶ kClosed
//   kOpen: messages are read      kClosing: no more are      kClosed: our close frame is out
//
// A message that lies whole in one piece, or is collected, is decoded like a body wholly in hand;
// one that is longer like a body that still arrives. At most sixteen are in hand. When they are, or
// when the peer does not read its answers, nothing more is read.
//
// Invariant: each message that Invocations has taken is answered or abandoned, once.
#pragma once

#include "http/exchange.h"
#include "http/websocket_reader.h"
#include "http/websocket_writer.h"
#include "serve/invocations.h"
#include "serve/message_exchange.h"
#include "serve/message_head.h"
#include "serve/spare_texts.h"
#include "serve/stream_options.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace ringmaker::serve {

/// What all streams of a shard share.
struct StreamSurroundings {
  io::Reactor& reactor;
  ModelTable& models;
  Invocations& invocations;
  telemetry::Log& log;
  const StreamOptions& options;
  http::WebsocketWriter writer{};
  uint64_t collected_bytes = 0;  // in all streams
  std::string frame{};           // one under construction
  SpareTexts spare{};            // of all streams
};

/// Owned by StreamRoute, which uses it again and again. Not thread-safe.
class MessageStream {
 public:
  explicit MessageStream(StreamSurroundings& surroundings);
  MessageStream(const MessageStream&) = delete;
  MessageStream& operator=(const MessageStream&) = delete;

  /// `socket` has been switched; it is this stream's until it is finished or abandoned.
  void open(http::Exchange& socket);
  [[nodiscard]] bool is_open() const noexcept { return socket_ != nullptr; }

  void on_bytes(std::string_view bytes, bool last);
  void on_writable();
  void on_due();
  void on_abandoned();
  /// Answers what comes in a moment, then says that it goes away.
  void begin_drain();

 private:
  friend class MessageExchange;
  enum class State : uint8_t { kOpen, kClosing, kClosed };

  // Messages
  void read(std::string_view bytes);
  void take(const http::WebsocketReader::Event& event);
  void take_data(const http::WebsocketReader::Event& event);
  void begin_message();
  void invoke(std::string_view payload);
  void begin_large(std::string_view payload);
  [[nodiscard]] bool collect(std::string_view piece);
  void let_go_of_collected();
  [[nodiscard]] bool may_read() const noexcept;
  void go_on();
  void update_reading();
  /// At the end of every call from outside.
  void settle();

  // Answers, for MessageExchange
  [[nodiscard]] base::Arena& arena() noexcept { return socket_->arena(); }
  [[nodiscard]] uint64_t waited_ns() const noexcept { return socket_->waited_ns(); }
  /// False: enough is queued.
  bool emit(MessageExchange& message, std::string_view payload, bool last);
  void complete(MessageExchange& message);
  void abort(MessageExchange& message);
  void pause(MessageExchange& message) noexcept;
  void resume(MessageExchange& message);
  [[nodiscard]] MessageExchange& front() noexcept { return *messages_[first_]; }
  [[nodiscard]] MessageExchange& back() noexcept {
    return *messages_[(first_ + count_ - 1) % messages_.size()];
  }
  void drop_complete();
  void drop_back();
  void let_write();
  void control(http::WebsocketOpcode opcode, std::string_view payload);
  bool write(std::string_view frames);

  // Ends
  void begin_close(uint16_t code, std::string_view reason);
  void close_if_done();
  void finish();
  void abandon_incoming();

  // Time
  void soon();
  void arm();
  [[nodiscard]] uint64_t due_ns() const noexcept;
  void heed_time(uint64_t now_ns);

  StreamSurroundings& around_;
  http::Exchange* socket_ = nullptr;
  MessageHead head_;
  http::WebsocketReader reader_;
  std::array<std::unique_ptr<MessageExchange>, kMessagesInHandMax> messages_;
  size_t first_ = 0;
  size_t count_ = 0;
  MessageExchange* incoming_ = nullptr;  // whose message still comes
  bool incoming_large_ = false;          // and fills blocks as it comes
  std::string collected_;                // of the message that comes
  std::string unread_;                   // bytes that wait until reading goes on

  State state_ = State::kOpen;
  uint16_t close_code_ = 0;
  std::string close_reason_;
  bool peer_closed_ = false;  // nothing more is expected of it
  bool peer_ended_ = false;   // its stream has ended
  bool behind_ = false;       // reading stopped with bytes in hand
  bool paused_ = false;       // the socket
  bool message_paused_ = false;
  bool full_ = false;  // enough answers are queued
  bool soon_ = false;
  bool draining_ = false;

  uint64_t heard_ns_ = 0;
  uint64_t data_ns_ = 0;     // the last piece of a message
  uint64_t message_ns_ = 0;  // the last message's end, or the stream's begin
  uint64_t ping_ns_ = 0;     // of the ping that has no answer yet; 0: none
  uint64_t closed_ns_ = 0;
  uint64_t drain_ns_ = 0;
};

}  // namespace ringmaker::serve
