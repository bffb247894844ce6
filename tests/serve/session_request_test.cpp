#include "serve/session_request.h"

#include <gtest/gtest.h>

namespace ringmaker::serve {
namespace {

TEST(SessionRequest, IsAnObjectThatSaysSo) {
  EXPECT_EQ(session_request(R"({"requestType":"CLOSE"})"), "CLOSE");
  EXPECT_EQ(session_request(R"( { "more": 1, "requestType" : "NEW_SESSION" } )"), "NEW_SESSION");
  for (const char* payload : {"", "1,2", "requestType", R"("requestType")",
                              R"({"requestType":"CLOSE")", R"([{"requestType":"CLOSE"}])"}) {
    EXPECT_EQ(session_request(payload), "") << payload;
  }
  EXPECT_EQ(session_request(R"({"requestType":"CLOSE"})" + std::string(1024, ' ')), "");
}

}  // namespace
}  // namespace ringmaker::serve
