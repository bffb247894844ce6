// The routes that load, list and unload models: what is refused, and how.
#include "serve/model_routes.h"

#include "tests/serve/serve_rig.h"
#include "tests/support/no_more_threads.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ringmaker::serve {
namespace {

using http::Method;
using testing::HasSubstr;

struct Answer {
  int status;
  std::string body;
};

Answer load(std::string body) {
  ServeRig rig;
  FakeExchange exchange(Method::kPost, "/models", {}, std::move(body));
  rig.ask(exchange);
  return {exchange.status, exchange.answer};
}

TEST(ModelRoutesTest, BrokenLoadRequestsAreToldWhatOneLooksLike) {
  for (const char* body : {"", "{", "[]", "{}", R"({"model_name":"a"})", R"({"url":"/x"})",
                           R"({"model_name":"","url":"/x"})", R"({"model_name":"a","url":""})",
                           R"({"model_name":1,"url":"/x"})", R"({"model_name":"a","url":null})",
                           R"({"model_name":"a","model_name":"b","url":"/x"})"}) {
    const Answer answer = load(body);
    EXPECT_EQ(answer.status, 400) << body;
    EXPECT_THAT(answer.body, HasSubstr(R"(Send {"model_name":"NAME","url":)")) << body;
  }
  EXPECT_THAT(load(R"({"model_name":"a"})").body, HasSubstr("url"));
}

TEST(ModelRoutesTest, ALoadRequestComesWithoutACoding) {
  const std::string body = R"({"model_name":"a","url":"/x"})";
  for (const auto& [coding, status] : {std::pair{"gzip", 415}, {"br", 415}, {"identity", 0}}) {
    ServeRig rig;
    FakeExchange exchange(Method::kPost, "/models", {{"Content-Encoding", coding}}, body);
    rig.ask(exchange);
    EXPECT_EQ(exchange.status, status) << coding;
  }
}

TEST(ModelRoutesTest, LongNamesAndBodiesAreRefused) {
  const auto named = [](size_t bytes) {
    return load(R"({"url":"/x","model_name":")" + std::string(bytes, 'n') + "\"}");
  };
  EXPECT_EQ(named(ModelRoutes::kNameBytesMax).status, 0) << "under way";
  EXPECT_EQ(named(ModelRoutes::kNameBytesMax + 1).status, 400);
  EXPECT_EQ(load(std::string(ModelRoutes::kBodyBytesMax, ' ')).status, 400);
  EXPECT_EQ(load(std::string(ModelRoutes::kBodyBytesMax + 1, ' ')).status, 413);
}

TEST(ModelRoutesTest, TheListBeginsEmptyAndItsParametersAreChecked) {
  const auto list = [](const std::string& query) {
    ServeRig rig;
    FakeExchange exchange(Method::kGet, "/models");
    exchange.edit_head().query = query;
    rig.ask(exchange);
    return Answer{exchange.status, exchange.answer};
  };
  EXPECT_EQ(list("").body, R"({"models":[]})");
  EXPECT_EQ(list("limit=1000&next_page_token=").status, 200);
  EXPECT_EQ(list("next_page_token=61").status, 200);
  EXPECT_EQ(list("limit=101").status, 200);
  EXPECT_EQ(list("limit=%31").status, 200);
  EXPECT_EQ(list("limit=0").body,
            "limit is a whole number from 1 on; a page has 100 models at most\n");
  for (const char* bad : {"limit=0", "limit=", "limit=x", "limit=-1", "limit=5x",
                          "next_page_token=6", "next_page_token=zz"}) {
    EXPECT_EQ(list(bad).status, 400) << bad;
  }
}

TEST(ModelRoutesTest, WhoGoesBeforeTheAnswerIsNotAnswered) {
  ServeRig rig;
  FakeExchange exchange(Method::kDelete, "/models/a");
  rig.router.on_head(exchange);
  auto& operation = *static_cast<ModelOperation*>(exchange.user());
  rig.router.on_abandoned(exchange);
  rig.keeper.stop();  // it has done with the operation, or never will begin
  operation.status = 404;
  rig.model_routes.on_done(operation);
  EXPECT_EQ(exchange.status, 0);
}

TEST(ModelRoutesTest, WhereDetailsAreBriefALoadThatFailsNamesNothing) {
  for (const int status : {400, 404, 500, 507, 409}) {
    for (const bool brief : {false, true}) {
      ServeRig rig({.error_detail_brief = brief});
      FakeExchange exchange(Method::kPost, "/models", {}, R"({"model_name":"a","url":"/x"})");
      rig.ask(exchange);
      auto& operation = *static_cast<ModelOperation*>(exchange.user());
      rig.keeper.stop();
      operation.status = status;
      operation.sentence = "a sentence with secret";
      rig.model_routes.on_done(operation);
      EXPECT_EQ(exchange.status, status);
      // That a name is taken says nothing of the model.
      EXPECT_EQ(exchange.answer.find("secret") != std::string::npos, !brief || status == 409)
          << exchange.answer;
    }
  }
}

TEST(ModelRoutesTest, WhereNoThreadCanBeStartedItIsToldSo) {
  ServeRig rig;
  const test::NoMoreThreads none;
  FakeExchange exchange(Method::kDelete, "/models/a");
  rig.ask(exchange);
  EXPECT_EQ(exchange.status, 503);
  EXPECT_THAT(exchange.answer, HasSubstr("cannot start a thread: the limit of processes"));
}

}  // namespace
}  // namespace ringmaker::serve
