// Connection: one peer, as a state machine.
//
//   kHead ──head complete──▶ kBody ──body complete──▶ kHead ...        (up to 16 answers
//   outstanding)
//     │ refused, "close", end of stream                 │ refused
//     ▼                                                 ▼
//   kStopped: nothing more is read as a request; what is owed is sent ──▶ kLingering ──▶ closed
//
// Bytes come in pieces of any size. A request that lies whole in one piece is handled where it
// lies; otherwise what is incomplete is kept. Answers leave in the order of the requests, whatever
// order they are given in, and as few sends as possible.
//
// A connection whose protocol was switched is kBody until its peer or its exchange ends it.
//
// While kLingering, input is thrown away for a moment, because closing with unread input makes the
// kernel send a reset, which may overtake the answer.
#pragma once

#include "http/answer_queue.h"
#include "http/connection_exchange.h"
#include "http/deadlines.h"
#include "http/handler.h"
#include "http/head_gate.h"
#include "http/held_bytes.h"
#include "http/request_body.h"
#include "http/response_writer.h"
#include "io/backend.h"
#include "io/timer_wheel.h"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace ringmaker::http {

class Server;

class Connection {
 public:
  Connection() = default;
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void open(Server& server, io::StreamId stream);

  void on_received(std::string_view bytes);
  void on_end_of_stream();
  void on_broken();
  void on_sent(int32_t result);
  void on_closed() noexcept;
  void on_timer();
  /// The end of a turn: sends what is ready, goes on with what waited.
  void flush();
  void begin_drain();

  [[nodiscard]] bool is_open() const noexcept { return state_ != State::kFree; }
  /// No request begun and no answer owed.
  [[nodiscard]] bool idle() const noexcept;
  io::Timer timer;
  bool dirty = false;  // on the server's list for flush()

 private:
  friend class ConnectionExchange;
  enum class State : uint8_t { kFree, kHead, kBody, kStopped, kLingering, kClosing };

  // Input
  size_t consume(std::string_view bytes);
  size_t consume_head(std::string_view bytes);
  size_t consume_body(std::string_view bytes);
  void begin_request(std::string_view bytes);
  void begin_body(BodyMode mode);
  void take_body(std::string_view piece, bool last);
  void collect_body(std::string_view piece, bool last);
  void end_body();
  void end_input();
  void wait_for_reader() noexcept;
  void keep(std::string_view rest);
  void go_on();
  [[nodiscard]] bool may_read() const noexcept;
  [[nodiscard]] bool more_requests_behind() const noexcept;
  void update_reading();

  // Answers
  void append_response_head(ConnectionExchange& exchange, const ResponseHead& head, HeadFrame frame,
                            bool in_parts);
  void switch_protocols(ConnectionExchange& exchange, const ResponseHead& head);
  void complete(ConnectionExchange& exchange);
  /// The request whose body is being read; else what came was no request yet.
  void refuse(const Refusal& refusal);
  void refuse(ConnectionExchange& exchange, const Refusal& refusal);
  void answer_refusal(ConnectionExchange& exchange, const Refusal& refusal);
  /// Of the body in hand, whose peer has gone.
  void tell_of_cut();
  void tell_abandoned(ConnectionExchange& exchange);
  void abandon_all();
  void abandon(ConnectionExchange& exchange);
  void mark_dirty();

  // Ends
  void stop_reading_requests();
  void finish_if_done();
  void linger();
  void close(bool reset = false);

  // Time
  [[nodiscard]] bool peer_writes_first() const noexcept;
  [[nodiscard]] bool wakes_exchange();
  [[nodiscard]] uint64_t deadline_ns() const noexcept;
  void arm_timer();
  [[nodiscard]] uint64_t now_ns() const noexcept;
  /// See Exchange.
  [[nodiscard]] uint64_t waited_ns() const noexcept;

  Server* server_ = nullptr;
  io::StreamId stream_ = io::kNoStream;
  State state_ = State::kFree;
  bool body_paused_ = false;
  bool peer_finished_ = false;
  bool receiving_ = false;
  bool in_consume_ = false;
  size_t unread_ = 0;  // bytes behind what is being consumed
  HeadGate gate_;
  RequestBody body_;
  HeldBytes input_;                              // waits for more, or for its turn
  HeldBytes collected_;                          // a body that came in several pieces
  ConnectionExchange* body_exchange_ = nullptr;  // whose body it is; none: it is skipped
  ConnectionExchange* switched_ = nullptr;       // that the connection belongs to, see Exchange
  AnswerQueue answers_;
  Deadlines deadlines_;
};

}  // namespace ringmaker::http
