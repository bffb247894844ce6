#include "http/websocket_frame_head.h"

#include "tests/support/websocket_frames.h"

#include <gtest/gtest.h>

#include <string>

namespace ringmaker::http {
namespace {

using test::Frame;
using test::masked_frame;

TEST(WebsocketFrameHead, EndsBeforeThePayloadHoweverItIsCut) {
  for (const size_t bytes : {0U, 1U, 125U, 126U, 65'535U, 65'536U}) {
    const std::string frame = masked_frame(Frame::kBinary, std::string(bytes, 'x'));
    for (const size_t cut : {size_t{1}, size_t{3}, frame.size()}) {
      WebsocketFrameHead head;
      size_t taken = 0;
      while (!head.complete()) {
        taken += head.take(std::string_view(frame).substr(taken, cut));
      }
      EXPECT_EQ(taken, frame.size() - bytes) << cut;
      EXPECT_EQ(head.payload_bytes(), bytes);
      EXPECT_EQ(head.take("more"), 0U);
    }
  }
}

TEST(WebsocketFrameHead, TellsBitsAndOpcode) {
  WebsocketFrameHead head;
  EXPECT_EQ(head.take("\xA9\x05"), 2U);
  ASSERT_TRUE(head.complete());
  EXPECT_EQ(head.reserved_bits(), 2);
  EXPECT_EQ(head.opcode(), 9);
  EXPECT_FALSE(head.masked());
  EXPECT_EQ(head.payload_bytes(), 5U);
  head.reset();
  EXPECT_FALSE(head.complete());
}

TEST(WebsocketFrameHead, TellsLengthsThatNobodyWillSend) {
  WebsocketFrameHead head;
  const std::string bytes = "\x82\x7F" + std::string(8, '\xFF');
  EXPECT_EQ(head.take(bytes), bytes.size());
  EXPECT_EQ(head.payload_bytes(), UINT64_MAX);
}

}  // namespace
}  // namespace ringmaker::http
