// StreamRig: a bidirectional stream without a connection, and the frames that it was answered.
#pragma once

#include "serve/stream_route.h"
#include "tests/serve/serve_rig.h"
#include "tests/support/websocket_frames.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ringmaker::serve {

inline FakeExchange handshake(FakeExchange::Fields fields = {}) {
  fields.emplace_back("Host", "x");
  fields.emplace_back("Upgrade", "websocket");
  fields.emplace_back("Connection", "Upgrade");
  fields.emplace_back("Sec-WebSocket-Version", "13");
  fields.emplace_back("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==");
  return {http::Method::kGet, std::string(kStreamPath), std::move(fields)};
}

class StreamRig {
 public:
  explicit StreamRig(const StreamOptions& options = {}, const InvocationOptions& invocations = {},
                     FakeExchange::Fields fields = {})
      : rig(invocations, options), socket(handshake(std::move(fields))) {
    EXPECT_EQ(rig.router.on_head(socket), http::BodyMode::kStream) << socket.answer;
  }
  ~StreamRig() {
    if (!over()) {
      rig.router.on_abandoned(socket);
    }
    EXPECT_EQ(rig.streams.open(), 0U);
    rig.settle();
    EXPECT_EQ(rig.models.bytes_lent(), 0U);
  }
  StreamRig(const StreamRig&) = delete;
  StreamRig& operator=(const StreamRig&) = delete;

  [[nodiscard]] bool over() const { return socket.complete || socket.aborted || gone; }
  void give(std::string_view bytes, bool last = false) { rig.router.on_body(socket, bytes, last); }
  /// Turns until nothing is left to do.
  void settle() {
    for (int i = 0; i < 1'000'000 && !over(); ++i) {
      const bool due = socket.due_ns <= rig.now_ns();
      if (!due && !rig.invocations.work_pending()) {
        return;
      }
      rig.turn();
      if (due) {
        socket.due_ns = UINT64_MAX;
        rig.router.on_due(socket);
      }
    }
  }
  void pass(uint64_t nanoseconds) {
    constexpr uint64_t kStep = 500 * base::kNanosecondsPerMillisecond;
    for (uint64_t left = nanoseconds; left > 0; left -= std::min(left, kStep)) {
      rig.pass(std::min(left, kStep));
      settle();
    }
  }
  /// All whole frames that have been sent since the last call.
  std::vector<test::Frame> frames() {
    std::vector<test::Frame> found;
    std::string_view rest = std::string_view(socket.answer).substr(read_);
    while (auto frame = test::take_frame(rest)) {
      found.push_back(std::move(*frame));
    }
    read_ = socket.answer.size() - rest.size();
    return found;
  }
  /// The messages and control frames of them, in words.
  std::vector<std::string> said() {
    static constexpr std::string_view kNames[] = {"+", "text ", "bytes ", "",      "",     "",
                                                  "",  "",      "close ", "ping ", "pong "};
    std::vector<std::string> lines;
    for (const test::Frame& frame : frames()) {
      std::string payload = frame.payload;
      if (frame.opcode == test::Frame::kClose && frame.code() != 0) {
        payload = std::to_string(frame.code()) + " " + payload.substr(2);
      }
      if (frame.opcode == test::Frame::kContinuation) {
        lines.back() += payload;
      } else {
        lines.push_back(std::string(kNames[frame.opcode]) + payload);
      }
    }
    return lines;
  }
  std::vector<std::string> ask(std::string_view bytes) {
    give(bytes);
    settle();
    return said();
  }

  ServeRig rig;
  FakeExchange socket;
  bool gone = false;

 private:
  size_t read_ = 0;
};

}  // namespace ringmaker::serve
