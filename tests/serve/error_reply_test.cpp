// Errors as text or JSON, with the headers that go with their status.
#include "serve/error_reply.h"

#include "tests/serve/fake_exchange.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ringmaker::serve {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

FakeExchange asked_with(FakeExchange::Fields fields) {
  return {http::Method::kPost, "/invocations", std::move(fields)};
}

TEST(ErrorReply, IsTextUnlessTheRequestPrefersJson) {
  struct Case {
    FakeExchange::Fields fields;
    bool json;
  };
  for (const Case& c :
       std::vector<Case>{{{}, false},
                         {{{"Content-Type", "text/csv"}}, false},
                         {{{"Content-Type", "application/json"}}, true},
                         {{{"Content-Type", "application/json"}, {"Accept", "text/csv"}}, false},
                         {{{"Content-Type", "text/csv"}, {"Accept", "application/json"}}, true},
                         {{{"Content-Type", "image/png"}}, false},
                         {{{"Accept", "image/png"}}, false}}) {
    FakeExchange exchange = asked_with(c.fields);
    reply_error(exchange, 400, "a \"quoted\" word");
    EXPECT_EQ(exchange.status, 400);
    EXPECT_EQ(exchange.content_type, c.json ? "application/json" : "text/plain; charset=utf-8");
    EXPECT_EQ(exchange.answer, c.json ? R"({"error":"a \"quoted\" word"})" : "a \"quoted\" word\n");
    EXPECT_THAT(exchange.extra, IsEmpty());
  }
}

TEST(ErrorReply, IsOfTheConfiguredTypeWhereTheRequestAcceptsAnything) {
  for (const char* accept : {"", "*/*", "application/json", "text/csv"}) {
    FakeExchange exchange = asked_with({{"Content-Type", "text/csv"}, {"Accept", accept}});
    reply_error(exchange, 400, "why", {}, codec::Format::kJson);
    EXPECT_EQ(exchange.content_type == "application/json", accept != std::string_view("text/csv"));
  }
}

TEST(ErrorReply, SaysWhenToRetryAndWhatIsAllowed) {
  FakeExchange busy = asked_with({});
  reply_error(busy, 503, "later");
  EXPECT_THAT(busy.extra, ElementsAre(Pair("Retry-After", "1")));
  FakeExchange wrong = asked_with({});
  reply_error(wrong, 405, "use POST", "POST, OPTIONS");
  EXPECT_THAT(wrong.extra, ElementsAre(Pair("Allow", "POST, OPTIONS")));
}

TEST(ErrorReply, CarriesTheCustomAttributesBack) {
  FakeExchange busy = asked_with({{"X-Amzn-SageMaker-Custom-Attributes", "trace=7"},
                                  {"X-Amzn-SageMaker-Custom-Attributes", "tag"}});
  reply_error(busy, 503, "later");
  EXPECT_THAT(busy.extra, ElementsAre(Pair("X-Amzn-SageMaker-Custom-Attributes", "trace=7,tag"),
                                      Pair("Retry-After", "1")));
}

}  // namespace
}  // namespace ringmaker::serve
