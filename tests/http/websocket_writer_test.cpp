#include "http/websocket_writer.h"

#include "http/websocket_code.h"
#include "tests/support/websocket_frames.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace ringmaker::http {
namespace {

using test::take_frame;

TEST(WebsocketWriter, FramesOfEveryLengthAreReadBack) {
  WebsocketWriter writer;
  std::string out = "before";
  for (const size_t size : {0, 1, 125, 126, 65'535, 65'536, 200'000}) {
    writer.append(out, WebsocketOpcode::kText, std::string(size, 'x'));
  }
  std::string_view bytes = std::string_view(out).substr(6);
  for (const size_t size : {0, 1, 125, 126, 65'535, 65'536, 200'000}) {
    const auto frame = take_frame(bytes);
    ASSERT_TRUE(frame) << size;
    EXPECT_EQ(frame->opcode, test::Frame::kText);
    EXPECT_TRUE(frame->last);
    EXPECT_EQ(frame->payload, std::string(size, 'x'));
  }
  EXPECT_TRUE(bytes.empty());
}

TEST(WebsocketWriter, AMessageMayLeaveInParts) {
  WebsocketWriter writer;
  std::string out;
  writer.append(out, WebsocketOpcode::kBinary, "a", false);
  writer.append(out, WebsocketOpcode::kContinuation, "b", false);
  writer.append(out, WebsocketOpcode::kPing, "?");
  writer.append(out, WebsocketOpcode::kContinuation, "", true);
  std::string_view bytes = out;
  std::string told;
  while (const auto frame = take_frame(bytes)) {
    told += std::to_string(frame->opcode) + (frame->last ? "!" : "") + frame->payload + " ";
  }
  EXPECT_EQ(told, "2a 0b 9!? 0! ");
}

TEST(WebsocketWriter, ClosesHaveACodeAndAReasonThatFits) {
  WebsocketWriter writer;
  std::string out;
  writer.append_close(out, websocket_code::kGoingAway, std::string(200, 'r'));
  writer.append_close(out, websocket_code::kNone, "left out");
  std::string_view bytes = out;
  const auto with_code = take_frame(bytes);
  ASSERT_TRUE(with_code);
  EXPECT_EQ(with_code->code(), 1001);
  EXPECT_EQ(with_code->payload.substr(2), std::string(123, 'r'));
  const auto without = take_frame(bytes);
  ASSERT_TRUE(without);
  EXPECT_EQ(without->opcode, test::Frame::kClose);
  EXPECT_EQ(without->payload, "");
}

}  // namespace
}  // namespace ringmaker::http
