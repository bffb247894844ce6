#include "http/websocket_handshake.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace ringmaker::http {
namespace {

using testing::HasSubstr;

/// The handshake of RFC 6455, 1.3, of which a test changes something.
struct Asked {
  std::vector<Header> headers{{"Host", "server.example.com"},
                              {"Upgrade", "websocket"},
                              {"Connection", "Upgrade"},
                              {"Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="},
                              {"Origin", "http://example.com"},
                              {"Sec-WebSocket-Protocol", "chat, superchat"},
                              {"Sec-WebSocket-Extensions", "permessage-deflate"},
                              {"Sec-WebSocket-Version", "13"}};
  RequestHead head;

  Asked& with(std::string_view name, std::string_view value) {
    std::erase_if(headers, [name](const Header& header) { return header.name == name; });
    headers.push_back({name, value});
    return *this;
  }
  Asked& without(std::string_view name) {
    std::erase_if(headers, [name](const Header& header) { return header.name == name; });
    return *this;
  }
  Asked& also(std::string_view name, std::string_view value) {
    headers.push_back({name, value});
    return *this;
  }
  Refusal verdict() {
    head.headers = headers;
    return check_websocket_handshake(head);
  }
};

TEST(WebsocketHandshake, TheStandardsExampleIsAccepted) {
  EXPECT_EQ(Asked().verdict().status, 0);
  EXPECT_EQ(WebsocketAccept("dGhlIHNhbXBsZSBub25jZQ==").text(), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
}

TEST(WebsocketHandshake, TokensAreFoundInListsAndInAnyCase) {
  EXPECT_EQ(Asked().with("Connection", "keep-alive, UPGRADE").verdict().status, 0);
  EXPECT_EQ(Asked().with("Upgrade", "h2c, WebSocket").verdict().status, 0);
  EXPECT_EQ(Asked().with("Connection", "keep-alive").also("connection", "upgrade").verdict().status,
            0);
}

TEST(WebsocketHandshake, WhoDoesNotAskForAWebSocketIsToldTo) {
  for (Asked asked : {Asked().without("Upgrade"), Asked().with("Upgrade", "h2c"),
                      Asked().with("Upgrade", "websockets")}) {
    EXPECT_EQ(asked.verdict().status, 426);
  }
}

TEST(WebsocketHandshake, AnotherVersionIsToldWhichIsSpoken) {
  for (Asked asked :
       {Asked().with("Sec-WebSocket-Version", "8"), Asked().with("Sec-WebSocket-Version", "13, 8"),
        Asked().without("Sec-WebSocket-Version"), Asked().also("Sec-WebSocket-Version", "13")}) {
    const Refusal verdict = asked.verdict();
    EXPECT_EQ(verdict.status, 426);
    EXPECT_THAT(std::string(verdict.sentence), HasSubstr("13"));
  }
}

TEST(WebsocketHandshake, MistakesAre400) {
  for (Asked asked : {Asked().without("Connection"), Asked().with("Connection", "keep-alive"),
                      Asked().without("Sec-WebSocket-Key"),
                      Asked().also("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="),
                      Asked().with("Sec-WebSocket-Key", ""),
                      Asked().with("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25j"),
                      Asked().with("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=+"),
                      Asked().with("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25*ZQ==")}) {
    EXPECT_EQ(asked.verdict().status, 400);
  }
  Asked old;
  old.head.version_minor = 0;
  EXPECT_EQ(old.verdict().status, 400);
  Asked with_body;
  with_body.head.content_length = 1;
  EXPECT_EQ(with_body.verdict().status, 400);
  Asked with_chunks;
  with_chunks.head.chunked = true;
  EXPECT_EQ(with_chunks.verdict().status, 400);
  Asked with_no_bytes;
  with_no_bytes.head.content_length = 0;
  EXPECT_EQ(with_no_bytes.verdict().status, 0);
}

TEST(WebsocketHandshake, OtherMethodsAreToldWhichIsTaken) {
  Asked posted;
  posted.head.method = Method::kPost;
  const Refusal verdict = posted.verdict();
  EXPECT_EQ(verdict.status, 405);
  EXPECT_THAT(std::string(verdict.allow), HasSubstr("GET"));
}

}  // namespace
}  // namespace ringmaker::http
