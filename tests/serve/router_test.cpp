// Which path is whose, and what each says to a method it does not know.
#include "serve/router.h"

#include "tests/serve/serve_rig.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ringmaker::serve {
namespace {

using http::Method;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

TEST(Router, PathsMethodsAndStatuses) {
  struct Case {
    Method method;
    const char* path;
    int status;
    const char* allow;
  };
  constexpr const char* kPing = "GET, HEAD, POST, OPTIONS";
  constexpr const char* kInvocations = "POST, OPTIONS";
  constexpr const char* kMetrics = "GET, HEAD, OPTIONS";
  for (const Case& c : std::vector<Case>{
           {Method::kGet, "/ping", 200, ""},
           {Method::kHead, "/ping", 200, ""},
           {Method::kPost, "/ping", 200, ""},
           {Method::kPut, "/ping", 405, kPing},
           {Method::kDelete, "/ping", 405, kPing},
           {Method::kOther, "/ping", 405, kPing},
           {Method::kOptions, "/ping", 204, kPing},
           {Method::kGet, "/invocations", 405, kInvocations},
           {Method::kHead, "/invocations", 405, kInvocations},
           {Method::kPut, "/invocations", 405, kInvocations},
           {Method::kOptions, "/invocations", 204, kInvocations},
           {Method::kGet, "/execution-parameters", 200, ""},
           {Method::kHead, "/execution-parameters", 200, ""},
           {Method::kPost, "/execution-parameters", 405, kMetrics},
           {Method::kOptions, "/execution-parameters", 204, kMetrics},
           {Method::kGet, "/metrics", 200, ""},
           {Method::kHead, "/metrics", 200, ""},
           {Method::kPost, "/metrics", 405, kMetrics},
           {Method::kOptions, "/metrics", 204, kMetrics},
           {Method::kOptions, "*", 204, "GET, HEAD, POST, DELETE, OPTIONS"},
           {Method::kGet, "/Ping", 404, ""},
           {Method::kGet, "/", 404, ""},
           {Method::kGet, "/%70ing", 200, ""},
           {Method::kGet, "/%2Fping", 404, ""},
           {Method::kGet, "/ping/", 404, ""},
           {Method::kPut, "/models", 405, kPing},
           {Method::kOptions, "/models", 204, kPing},
           {Method::kGet, "/models", 200, ""},
           {Method::kGet, "/%6Dodels", 200, ""},
           {Method::kGet, "/models/a", 404, ""},
           {Method::kPost, "/models/a", 405, "GET, HEAD, DELETE, OPTIONS"},
           {Method::kOptions, "/models/a", 204, "GET, HEAD, DELETE, OPTIONS"},
           {Method::kGet, "/models/%4", 400, ""},
           {Method::kGet, "/models/", 404, ""},
           {Method::kGet, "/models/a/b", 404, ""},
           {Method::kGet, "/modelsa", 404, ""},
           {Method::kPost, "/models/a/invoke", 404, ""},
           {Method::kOptions, "/models/a/invoke", 204, kInvocations},
       }) {
    ServeRig rig;
    rig.state.ready = true;
    FakeExchange exchange(c.method, c.path);
    EXPECT_EQ(rig.router.on_head(exchange), http::BodyMode::kDiscard) << c.path;
    EXPECT_EQ(exchange.status, c.status) << c.path;
    EXPECT_TRUE(exchange.complete);
    if (*c.allow == '\0') {
      EXPECT_TRUE(exchange.extra.empty()) << c.path;
    } else {
      EXPECT_THAT(exchange.extra, ElementsAre(Pair("Allow", c.allow))) << c.path;
    }
  }
}

TEST(Router, PingIsUnwellBeforeTheModelHasScoredAndWhileDraining) {
  ServeRig rig;
  const auto status = [&] {
    FakeExchange exchange(Method::kGet, "/ping");
    rig.ask(exchange);
    return exchange.status;
  };
  EXPECT_EQ(status(), 503);
  rig.state.ready = true;
  EXPECT_EQ(status(), 200);
  rig.router.begin_drain();
  EXPECT_EQ(status(), 503);
}

TEST(Router, WhatHttpTurnsDownIsAnsweredAsOtherErrorsAre) {
  const auto answered = [](const InvocationOptions& options, const char* path,
                           FakeExchange::Fields fields, const http::Refusal& refusal) {
    ServeRig rig(options);
    FakeExchange exchange(Method::kPost, path, std::move(fields));
    rig.router.answer_refusal(exchange, refusal);
    EXPECT_EQ(exchange.status, refusal.status);
    EXPECT_TRUE(exchange.complete);
    return std::pair(exchange.answer, exchange.extra);
  };
  const std::string json = "{\"error\":\"too large\"}";
  const auto& [text, fields] =
      answered({}, "/invocations",
               {{"Accept", "application/json"}, {"X-Amzn-SageMaker-Custom-Attributes", "tag=1"}},
               {413, "too large"});
  EXPECT_EQ(text, json);
  EXPECT_THAT(fields, ElementsAre(Pair("X-Amzn-SageMaker-Custom-Attributes", "tag=1")));
  InvocationOptions options;
  options.defaults.accept = codec::Format::kJson;
  EXPECT_EQ(answered(options, "/invocations", {}, {413, "too large"}).first, json);
  EXPECT_EQ(answered(options, "/ping", {}, {413, "too large"}).first, "too large\n");
  EXPECT_EQ(answered({}, "", {}, {431, "too many"}).first, "too many\n") << "nothing is known";
  EXPECT_THAT(answered({}, "", {}, {503, "retry"}).second, ElementsAre(Pair("Retry-After", "1")));
  EXPECT_THAT(answered({}, "", {}, {405, "no", "GET"}).second, ElementsAre(Pair("Allow", "GET")));
}

TEST(Router, ANameWithAPercentSignAndNoDigitsIs400Everywhere) {
  ServeRig rig;
  rig.state.runtime_api = true;
  rig.state.ready = true;
  for (const auto& [method, path] : std::vector<std::pair<Method, const char*>>{
           {Method::kGet, "/models/a%ZZ"},
           {Method::kDelete, "/models/a%ZZ"},
           {Method::kPost, "/models/a%ZZ/invoke"},
           {Method::kPost, "/endpoints/a%ZZ/invocations"},
           {Method::kPost, "/endpoints/a%ZZ/invocations-response-stream"},
           {Method::kGet, "/v1/models/a%ZZ"},
           {Method::kPost, "/v1/models/a%ZZ:predict"},
           {Method::kGet, "/v2/models/a%ZZ"},
           {Method::kGet, "/v2/models/a%ZZ/ready"},
           {Method::kPost, "/v2/models/a%ZZ/infer"}}) {
    FakeExchange exchange(method, path);
    rig.ask(exchange);
    EXPECT_EQ(exchange.status, 400) << path;
    EXPECT_THAT(exchange.answer, HasSubstr(std::string(kMalformedName))) << path;
  }
}

TEST(Router, OptionsAre204OnEveryPath) {
  ServeRig rig;
  rig.state.runtime_api = true;
  for (const char* path :
       {"/ping", "/invocations", "/models", "/models/a", "/models/a/invoke", "/metrics",
        "/endpoints/a/invocations", "/endpoints/a/invocations-response-stream",
        "/endpoints/a/async-invocations", "/v2/models/a/infer", "/openapi.json"}) {
    FakeExchange exchange(Method::kOptions, path);
    rig.ask(exchange);
    EXPECT_EQ(exchange.status, 204) << path;
    EXPECT_THAT(exchange.extra, ElementsAre(Pair("Allow", HasSubstr("OPTIONS")))) << path;
  }
}

TEST(Router, EveryAnswerIsCountedOnItsRoute) {
  ServeRig rig;
  FakeExchange nothing(Method::kGet, "/nothing");
  rig.ask(nothing);
  EXPECT_THAT(nothing.answer, HasSubstr("/invocations"));
  FakeExchange metrics(Method::kGet, "/metrics");
  rig.ask(metrics);
  EXPECT_THAT(metrics.answer,
              HasSubstr("ringmaker_requests_total{route=\"other\",code=\"404\"} 1"));
  EXPECT_THAT(metrics.answer, HasSubstr("{route=\"metrics\",code=\"200\"} 1")) << "itself included";
}

}  // namespace
}  // namespace ringmaker::serve
