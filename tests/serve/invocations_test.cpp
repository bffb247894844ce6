// From payload to scores: what is settled before the body, how bodies small and large are answered.
#include "serve/invocations.h"

#include "serve/answer_text.h"
#include "serve/invocation_answers.h"
#include "tests/codec/npy/npy_payload.h"
#include "tests/serve/serve_rig.h"
#include "tests/support/coded.h"
#include "tests/support/zipped.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace ringmaker::serve {
namespace {

using http::BodyMode;
using http::Method;
using testing::ElementsAre;
using testing::HasSubstr;

/// Rows "i,1", whose scores are i + 1.
std::string csv_rows(size_t count) {
  std::string text;
  for (size_t i = 0; i < count; ++i) {
    text += std::to_string(i) + ",1\n";
  }
  return text;
}

std::string scores_of_rows(size_t count) {
  std::string text;
  for (size_t i = 0; i < count; ++i) {
    text += std::to_string(i + 1) + "\n";
  }
  return text;
}

TEST(Invocations, WhatTheHeadSaysIsSettledBeforeTheBody) {
  struct Case {
    FakeExchange::Fields fields;
    int status;
    const char* sentence;
  };
  for (const Case& c : std::vector<Case>{
           {{{"Content-Type", "image/png"}},
            415,
            "the Content-Type \"image/png\" is not supported; supported are text/csv"},
           {{{"Content-Type", "text/csv"}, {"Content-Encoding", "br"}}, 415, "Content-Encoding"},
           {{{"Content-Type", "text/csv"}, {"Accept", "image/png"}}, 406, "Accept"},
           {{{"Content-Type", "text/csv"}, {"Accept", "text/csv;q=0"}}, 406, "Accept"},
       }) {
    ServeRig rig;
    FakeExchange exchange(Method::kPost, "/invocations", c.fields, "1,2");
    EXPECT_EQ(rig.router.on_head(exchange), BodyMode::kDiscard);
    EXPECT_EQ(exchange.status, c.status);
    EXPECT_THAT(exchange.answer, HasSubstr(c.sentence));
  }
  ServeRig rig;
  FakeExchange unframed = csv("");
  unframed.edit_head().content_length.reset();
  EXPECT_EQ(rig.router.on_head(unframed), BodyMode::kDiscard);
  EXPECT_EQ(unframed.status, 411);
}

FakeExchange coded_csv(wire::Coding coding, std::string body, FakeExchange::Fields fields = {}) {
  fields.emplace_back("Content-Encoding", wire::name(coding));
  return csv(std::move(body), std::move(fields));
}

TEST(Invocations, AnUnknownCodingIsToldWhichAreKnown) {
  for (const char* coding : {"br", "compress", "gzip, gzip", "gzip, br"}) {
    ServeRig rig;
    FakeExchange exchange = csv("1,2", {{"Content-Encoding", coding}});
    rig.ask(exchange);
    EXPECT_EQ(exchange.status, 415) << coding;
    EXPECT_THAT(exchange.extra,
                ElementsAre(testing::Pair("Accept-Encoding", "gzip, deflate, zstd")));
  }
}

TEST(Invocations, ACodedBodyIsAnsweredAsItsTextWouldBe) {
  for (const auto coding : {wire::Coding::kGzip, wire::Coding::kDeflate, wire::Coding::kZstd}) {
    for (const size_t rows : {1, 500, 20'000, 200'000}) {
      const std::string body = test::coded(coding, csv_rows(rows));
      for (const size_t piece : {size_t{977}, size_t{32'768}}) {
        ServeRig rig;
        FakeExchange exchange = coded_csv(coding, body);
        rig.give(exchange, piece);
        EXPECT_EQ(exchange.status, 0) << "whatever its size, it waits for the turn's work";
        rig.settle();
        EXPECT_EQ(exchange.status, 200) << exchange.answer;
        EXPECT_TRUE(exchange.answer == scores_of_rows(rows)) << rows;
        EXPECT_FALSE(exchange.paused);
      }
    }
  }
}

TEST(Invocations, SmallCodedBodiesShareTheBatchWithOthers) {
  ServeRig rig;
  FakeExchange plain = csv("1,2");
  FakeExchange coded = coded_csv(wire::Coding::kGzip, test::coded(wire::Coding::kGzip, "3,4\n5,6"));
  rig.give(plain, 100);
  rig.give(coded, 100);
  rig.turn();
  EXPECT_THAT(rig.predictor.calls, ElementsAre(3));
  EXPECT_EQ(coded.answer, "7\n11\n");
}

TEST(Invocations, ABombIsInflatedInSlicesAndEndsAtTheLimit) {
  constexpr uint64_t kLimit = 4'000'000;
  const std::string row = "1,2\n";
  std::string text;
  while (text.size() < kLimit) {
    text += row;
  }
  for (const auto coding : {wire::Coding::kGzip, wire::Coding::kDeflate, wire::Coding::kZstd}) {
    for (const bool over : {false, true}) {
      ServeRig rig({.inflated_bytes_max = kLimit});
      const std::string body = test::coded(coding, over ? text + row : text);
      ASSERT_LT(body.size(), 20'000U);
      FakeExchange exchange = coded_csv(coding, body);
      rig.give(exchange, body.size());
      size_t turns = 0;
      for (; exchange.status == 0 && turns < 100'000; ++turns) {
        const uint64_t rows = rig.metrics.rows.value();
        rig.turn();
        EXPECT_LE(rig.metrics.rows.value() - rows, 150'000U) << "a slice on a clock that stands";
      }
      EXPECT_GT(turns, 3U);
      EXPECT_EQ(exchange.status, over ? 413 : 200);
      if (over) {
        EXPECT_EQ(
            exchange.answer,
            "the " + std::string(wire::name(coding)) +
                " body inflates to more than 4000000 bytes (the option inflated-bytes-max).\n");
      }
      EXPECT_FALSE(rig.invocations.work_pending() && over);
    }
  }
}

TEST(Invocations, ABrokenOrCutCodingIsToldWhere) {
  const std::string whole = test::coded(wire::Coding::kGzip, csv_rows(20'000));
  const auto answer_to = [](const std::string& body) {
    ServeRig rig;
    FakeExchange exchange = coded_csv(wire::Coding::kGzip, body);
    rig.ask(exchange);
    EXPECT_EQ(exchange.status, 400);
    EXPECT_EQ(rig.metrics.error(ErrorReason::kPayload).value(), 1U);
    EXPECT_FALSE(rig.invocations.work_pending());
    return exchange.answer;
  };
  EXPECT_EQ(answer_to(whole.substr(0, whole.size() - 1)),
            "the body ends after " + std::to_string(whole.size() - 1) +
                " bytes, before its gzip stream does.\n");
  EXPECT_EQ(answer_to(""), "the body ends after 0 bytes, before its gzip stream does.\n");
  EXPECT_THAT(answer_to("1,2\n"), HasSubstr("incorrect header check"));
  EXPECT_THAT(answer_to(whole + "x"), HasSubstr("the body ends after"));
  EXPECT_THAT(answer_to(test::coded(wire::Coding::kGzip, "1,2\n1,x\n")),
              HasSubstr("row 2, column 2"));
}

TEST(Invocations, ACodedBodyHoldsBackThePeerUntilItIsInflated) {
  ServeRig rig;
  // Noise, so that coded bytes are many.
  std::string text;
  for (uint32_t i = 0, noise = 1; i < 40'000; ++i) {
    noise = noise * 1'664'525 + 1'013'904'223;
    text += std::to_string(noise) + ",1\n";
  }
  const std::string body = test::coded(wire::Coding::kGzip, text);
  ASSERT_GT(body.size(), 100'000U);
  FakeExchange exchange = coded_csv(wire::Coding::kGzip, body);
  ASSERT_EQ(rig.router.on_head(exchange), BodyMode::kStream);
  rig.router.on_body(exchange, std::string_view(body).substr(0, 90'000), false);
  EXPECT_TRUE(exchange.paused);
  rig.settle();
  EXPECT_FALSE(exchange.paused);
  rig.router.on_body(exchange, std::string_view(body).substr(90'000), true);
  rig.settle();
  EXPECT_EQ(exchange.status, 200);
  EXPECT_EQ(std::count(exchange.answer.begin(), exchange.answer.end(), '\n'), 40'000);
}

TEST(Invocations, CodedBodiesCountAsHeld) {
  ServeRig rig({.held_bytes_max = 10'000});
  FakeExchange exchange = coded_csv(wire::Coding::kGzip, "");
  exchange.edit_head().content_length = 100'000;
  ASSERT_EQ(rig.router.on_head(exchange), BodyMode::kStream);
  rig.router.on_body(exchange, test::coded(wire::Coding::kGzip, csv_rows(5'000)), false);
  EXPECT_EQ(exchange.status, 413);
}

TEST(Invocations, ACodedBodyWhosePeerGoesLeavesNothing) {
  ServeRig rig;
  const std::string body = test::coded(wire::Coding::kZstd, csv_rows(200'000));
  FakeExchange exchange = coded_csv(wire::Coding::kZstd, body);
  rig.give(exchange, body.size());
  rig.turn();
  EXPECT_TRUE(rig.invocations.work_pending());
  rig.router.on_abandoned(exchange);
  EXPECT_FALSE(rig.invocations.work_pending());
}

TEST(Invocations, APayloadThatIsGatheredWholeBecomesRowsInSlices) {
  constexpr size_t kRows = 400'000;
  std::string body =
      codec::npy_file("{'descr': '|u1', 'fortran_order': True, 'shape': (400000, 2), }\n", {});
  body += std::string(kRows, '\x01') + std::string(kRows, '\x02');
  ServeRig rig;
  FakeExchange exchange(Method::kPost, "/invocations",
                        {{"Content-Type", "application/x-npy"}, {"Accept", "text/csv"}}, body);
  rig.give(exchange, 32'768);
  EXPECT_EQ(rig.metrics.rows.value(), 0U);
  EXPECT_TRUE(rig.invocations.work_pending());
  rig.turn();
  EXPECT_LT(rig.metrics.rows.value(), kRows) << "a turn is not for one payload alone";
  rig.settle();
  EXPECT_EQ(exchange.status, 200) << exchange.answer;
  EXPECT_EQ(std::count(exchange.answer.begin(), exchange.answer.end(), '3'), kRows);
}

/// An array of zeroes, which an archive makes very small.
std::string archive_of_zeroes(size_t rows, const std::string& name) {
  const std::string shape = "(" + std::to_string(rows) + ", 2)";
  return test::zipped({{.name = name,
                        .content = codec::npy_file(
                            "{'descr': '<f4', 'fortran_order': False, 'shape': " + shape + ", }\n",
                            std::string(rows * 2 * sizeof(float), '\0')),
                        .deflated = true}});
}

FakeExchange npz(std::string body) {
  return {Method::kPost,
          "/invocations",
          {{"Content-Type", "application/x-npz"}, {"Accept", "text/csv"}},
          std::move(body)};
}

TEST(Invocations, AnArchiveIsInflatedInSlicesHoweverSmallItIs) {
  constexpr size_t kRows = 400'000;
  ServeRig rig;
  FakeExchange exchange = npz(archive_of_zeroes(kRows, "arr_0.npy"));
  ASSERT_LT(exchange.body().size(), 32'768U);
  rig.give(exchange, exchange.body().size());
  EXPECT_TRUE(rig.invocations.work_pending());
  rig.turn();
  EXPECT_LT(rig.metrics.rows.value(), kRows) << "a turn is not for one payload alone";
  rig.settle();
  EXPECT_EQ(exchange.status, 200) << exchange.answer;
  EXPECT_EQ(std::count(exchange.answer.begin(), exchange.answer.end(), '\n'), kRows);
  EXPECT_EQ(rig.models.bytes_lent(), 0U);
}

TEST(Invocations, ABodyWaitsWhileWhatHasComeOfItIsInflated) {
  constexpr size_t kRows = 400'000;
  ServeRig rig;
  FakeExchange exchange = npz(archive_of_zeroes(kRows, "arr_0.npy"));
  exchange.edit_head().content_length.reset();
  exchange.edit_head().chunked = true;
  ASSERT_EQ(rig.router.on_head(exchange), BodyMode::kStream);
  const std::string_view body = exchange.body();
  rig.router.on_body(exchange, body.substr(0, body.size() / 2), false);
  EXPECT_TRUE(exchange.paused);
  rig.settle();
  EXPECT_FALSE(exchange.paused);
  rig.router.on_body(exchange, body.substr(body.size() / 2), true);
  rig.settle();
  EXPECT_EQ(exchange.status, 200) << exchange.answer;
  EXPECT_EQ(rig.metrics.rows.value(), kRows);
}

TEST(Invocations, WhatDecodersGatherCountsAsHeld) {
  ServeRig rig({.held_bytes_max = 1 << 20});
  FakeExchange exchange = npz(archive_of_zeroes(400'000, "data.npy"));
  rig.ask(exchange);
  EXPECT_EQ(exchange.status, 413) << exchange.answer;
  EXPECT_THAT(exchange.answer, HasSubstr("send fewer rows at a time"));
  FakeExchange next = csv("1,2\n");
  rig.ask(next);
  EXPECT_EQ(next.status, 200) << "nothing is held any more";
}

TEST(Invocations, SmallBodiesAreCollectedLargeAndChunkedOnesStreamed) {
  ServeRig rig;
  FakeExchange small = csv("1,2");
  EXPECT_EQ(rig.router.on_head(small), BodyMode::kCollect);
  FakeExchange large = csv("1,2");
  large.edit_head().content_length = 65'537;
  EXPECT_EQ(rig.router.on_head(large), BodyMode::kStream);
  FakeExchange chunked = csv("1,2");
  chunked.edit_head().content_length.reset();
  chunked.edit_head().chunked = true;
  EXPECT_EQ(rig.router.on_head(chunked), BodyMode::kStream);
  for (FakeExchange* exchange : {&small, &large, &chunked}) {
    rig.router.on_abandoned(*exchange);
  }
}

TEST(Invocations, RequestsOfOneTurnShareOneCallOfTheModel) {
  ServeRig rig;
  FakeExchange first = csv("1,2\n3,4\n");
  FakeExchange bad = csv("1,2\n3,x\n");
  FakeExchange second = csv("5,6\n", {{"Accept", "application/json"}});
  rig.give(first, 100);
  rig.give(bad, 100);
  rig.give(second, 100);
  EXPECT_EQ(first.status, 0) << "nothing is scored before the turn's work";
  EXPECT_EQ(bad.status, 400) << "what is bad is told at once";
  rig.turn();
  EXPECT_THAT(rig.predictor.calls, ElementsAre(3));
  EXPECT_EQ(first.answer, "3\n7\n");
  EXPECT_EQ(second.answer, R"({"predictions":[{"score":11}]})");
}

TEST(Invocations, TheAnswersTypeIsAcceptsOrTheDefaultOrTheRequests) {
  const auto type = [](const InvocationOptions& options, FakeExchange::Fields fields) {
    ServeRig rig(options);
    FakeExchange exchange = csv("1,2", std::move(fields));
    rig.ask(exchange);
    return exchange.content_type;
  };
  InvocationOptions json;
  json.defaults.accept = codec::Format::kJson;
  EXPECT_EQ(type({}, {}), "text/csv");
  EXPECT_EQ(type({}, {{"Accept", "text/csv;q=0.1, application/json;q=0.2"}}), "application/json");
  EXPECT_EQ(type(json, {}), "application/json");
  EXPECT_EQ(type(json, {{"Accept", "*/*"}}), "application/json");
  EXPECT_EQ(type(json, {{"Accept", "text/csv"}}), "text/csv");
}

FakeExchange::Fields outputs(const char* list) {
  return {{"X-Amzn-SageMaker-Custom-Attributes", std::string("outputs=") + list}};
}

TEST(Invocations, FieldsOfAcceptAreOneList) {
  ServeRig rig;
  FakeExchange exchange = csv("1,2", {{"Accept", "image/png"},
                                      {"Accept", "application/jsonlines;q=0.5"},
                                      {"accept", "application/json"}});
  rig.ask(exchange);
  EXPECT_EQ(exchange.status, 200);
  EXPECT_EQ(exchange.content_type, "application/json");
}

TEST(Invocations, ARequestMayAskForOtherOutputsThanItsNeighbours) {
  ServeRig rig;
  rig.predictor.link_factor = 10;
  FakeExchange plain = csv("1,2\n3,4");
  FakeExchange both = csv("1,2\n3,4", outputs("raw_score,predicted_score"));
  FakeExchange last = csv("5,6");
  for (FakeExchange* exchange : {&plain, &both, &last}) {
    rig.give(*exchange, 100);
  }
  rig.settle();
  EXPECT_EQ(plain.answer, "30\n70\n");
  EXPECT_EQ(both.answer, "3,30\n7,70\n");
  EXPECT_EQ(last.answer, "110\n");
  EXPECT_THAT(rig.predictor.calls, ElementsAre(5)) << "one batch";
}

TEST(Invocations, LargePayloadsHaveSelectedOutputsToo) {
  ServeRig rig;
  rig.predictor.link_factor = 10;
  FakeExchange exchange = csv(csv_rows(20'000), outputs("raw_score,predicted_score"));
  rig.ask(exchange);
  std::string expected;
  for (size_t i = 1; i <= 20'000; ++i) {
    expected += std::to_string(i) + "," + std::to_string(10 * i) + "\n";
  }
  EXPECT_TRUE(exchange.complete);
  EXPECT_EQ(exchange.answer, expected);
  FakeExchange plain = csv(csv_rows(20'000));
  rig.ask(plain);
  EXPECT_TRUE(plain.answer.starts_with("10\n20\n")) << "the next has its own wishes";
}

TEST(Invocations, OutputsThatTheModelDoesNotGiveAreRefusedBeforeTheBody) {
  ServeRig rig;
  FakeExchange exchange = csv("1,2", outputs("probability"));
  EXPECT_EQ(rig.router.on_head(exchange), BodyMode::kDiscard);
  EXPECT_EQ(exchange.status, 400);
  EXPECT_THAT(exchange.answer, HasSubstr("this model does not give the output probability; it "
                                         "gives raw_score, raw_scores, predicted_score"));
}

FakeExchange json(std::string body, FakeExchange::Fields fields = {}) {
  fields.emplace_back("Content-Type", "application/json");
  fields.emplace_back("Accept", "text/csv");
  return {http::Method::kPost, "/invocations", std::move(fields), std::move(body)};
}

TEST(Invocations, TheBodyMaySayWhatItsAnswerHolds) {
  ServeRig rig;
  rig.predictor.link_factor = 10;
  FakeExchange first = json(R"({"outputs":["raw_score","predicted_score"],"instances":[[1,2]]})");
  FakeExchange last =
      json(R"({"instances":[[1,2],[3,4]],"outputs":"raw_score"})", outputs("predicted_score"));
  FakeExchange plain = json("[[5,6]]");
  for (FakeExchange* exchange : {&first, &last, &plain}) {
    rig.give(*exchange, 100);
  }
  rig.settle();
  EXPECT_EQ(first.answer, "3,30\n");
  EXPECT_EQ(last.answer, "3\n7\n") << "the body beats the head";
  EXPECT_EQ(plain.answer, "110\n");
}

TEST(Invocations, OutputsOfABodyThatTheModelDoesNotGiveAre400AndItsRowsAreGone) {
  ServeRig rig;
  FakeExchange wrong = json(R"({"instances":[[1,2]],"outputs":["probability"]})");
  FakeExchange unknown = json(R"({"outputs":"nonsense","instances":[[1,2]]})");
  FakeExchange good = json("[[5,6]]");
  for (FakeExchange* exchange : {&wrong, &unknown, &good}) {
    rig.give(*exchange, 100);
  }
  rig.settle();
  EXPECT_EQ(wrong.status, 400);
  EXPECT_THAT(wrong.answer, HasSubstr("this model does not give the output probability"));
  EXPECT_EQ(unknown.status, 400);
  EXPECT_THAT(unknown.answer, HasSubstr("the output \"nonsense\" is unknown"));
  EXPECT_EQ(good.answer, "11\n");
  EXPECT_THAT(rig.predictor.calls, ElementsAre(1));
}

TEST(Invocations, ALongBodyMaySayItBeforeItsRowsOrBehind) {
  std::string rows = "[0,1]";
  std::string raw = "1,10\n";
  std::string scores = "10\n";
  for (size_t i = 2; i <= 20'000; ++i) {
    rows += ",[0," + std::to_string(i) + "]";
    raw += std::to_string(i) + "," + std::to_string(10 * i) + "\n";
    scores += std::to_string(10 * i) + "\n";
  }
  const auto answer = [](const std::string& body) {
    ServeRig rig;
    rig.predictor.link_factor = 10;
    FakeExchange exchange = json(body);
    const http::BodyMode mode = rig.router.on_head(exchange);
    EXPECT_EQ(mode, http::BodyMode::kStream);
    const std::string_view whole = exchange.body();
    for (size_t at = 0; at < whole.size() && exchange.status == 0; at += 10'000) {
      rig.router.on_body(exchange, whole.substr(at, 10'000), at + 10'000 >= whole.size());
      rig.turn();
    }
    rig.settle();
    return std::pair{exchange.status, exchange.answer};
  };
  EXPECT_EQ(answer(R"({"outputs":["raw_score","predicted_score"],"instances":[)" + rows + "]}"),
            std::pair(200, raw));
  EXPECT_EQ(answer(R"({"instances":[)" + rows + R"(],"outputs":["predicted_score"]})"),
            std::pair(200, scores));
  EXPECT_EQ(answer(R"({"instances":[)" + rows + R"(],"outputs":["raw_score","predicted_score"]})"),
            std::pair(200, raw));
}

TEST(Invocations, AnAnswerMayExplainItself) {
  ServeRig rig;
  rig.predictor.link_factor = 10;
  FakeExchange explained =
      csv("1,2\n30,4", outputs("predicted_score,contributions,raw_score,leaf"));
  FakeExchange plain = csv("5,6");
  for (FakeExchange* exchange : {&explained, &plain}) {
    rig.give(*exchange, 100);
  }
  rig.settle();
  EXPECT_EQ(explained.answer, "30,\"[1, 2, 0]\",3,\"[0]\"\n340,\"[30, 4, 0]\",34,\"[3]\"\n");
  EXPECT_EQ(plain.answer, "110\n");
  FakeExchange next = csv("1,2", outputs("leaf"));
  rig.ask(next);
  EXPECT_EQ(next.answer, "\"[0]\"\n");
}

TEST(Invocations, ABodyMayAskForContributionsBeforeOrBehindItsRows) {
  ServeRig rig;
  for (const char* body : {R"({"outputs":"contributions","instances":[[1,2]]})",
                           R"({"instances":[[1,2]],"outputs":["contributions"]})"}) {
    FakeExchange exchange = json(body);
    rig.ask(exchange);
    EXPECT_EQ(exchange.answer, "\"[1, 2, 0]\"\n") << body;
  }
  // What the head asks for, the body may take back.
  FakeExchange other = json(R"({"instances":[[1,2]],"outputs":["raw_score"]})", outputs("leaf"));
  rig.ask(other);
  EXPECT_EQ(other.answer, "3\n");
}

TEST(Invocations, LargePayloadsAreExplainedToo) {
  ServeRig rig;
  FakeExchange exchange = csv(csv_rows(20'000), outputs("contributions"));
  rig.ask(exchange);
  EXPECT_TRUE(exchange.complete);
  EXPECT_EQ(std::ranges::count(exchange.answer, '\n'), 20'000);
  EXPECT_TRUE(exchange.answer.starts_with("\"[0, 1, 0]\"\n\"[1, 1, 0]\"\n"))
      << exchange.answer.substr(0, 100);
  FakeExchange plain = csv(csv_rows(20'000));
  rig.ask(plain);
  EXPECT_TRUE(plain.answer.starts_with("1\n2\n"));
}

TEST(Invocations, ContributionsAskedForBehindScoredRowsAreRefused) {
  std::string rows = "[0,0]";
  for (size_t i = 1; i < 100'000; ++i) {
    rows += ",[" + std::to_string(i) + ",0]";
  }
  ServeRig rig;
  FakeExchange exchange = json(R"({"instances":[)" + rows + R"(],"outputs":["contributions"]})");
  EXPECT_EQ(rig.router.on_head(exchange), http::BodyMode::kStream);
  const std::string_view whole = exchange.body();
  for (size_t at = 0; at < whole.size() && exchange.status == 0; at += 10'000) {
    rig.router.on_body(exchange, whole.substr(at, 10'000), at + 10'000 >= whole.size());
    rig.turn();
  }
  rig.settle();
  EXPECT_EQ(exchange.status, 400);
  EXPECT_THAT(exchange.answer, HasSubstr("put it before them"));
}

TEST(Invocations, OutputsMayBeConfigured) {
  ServeRig rig(
      {.defaults = {.outputs =
                        codec::OutputSelection::parse("predicted_score,raw_score").value()}});
  FakeExchange exchange = csv("1,2");
  rig.ask(exchange);
  EXPECT_EQ(exchange.answer, "3,3\n");
  FakeExchange other = csv("1,2", outputs("raw_score"));
  rig.ask(other);
  EXPECT_EQ(other.answer, "3\n");
}

TEST(Invocations, AnyCutOfAStreamedBodyGivesTheSameAnswer) {
  const std::string body = csv_rows(20'000);
  for (const size_t piece : {size_t{64}, size_t{1'000}, size_t{32'768}, body.size()}) {
    ServeRig rig;
    FakeExchange exchange = csv(body);
    rig.give(exchange, piece);
    rig.settle();
    EXPECT_EQ(exchange.status, 200);
    EXPECT_TRUE(exchange.complete);
    EXPECT_EQ(exchange.answer, scores_of_rows(20'000)) << piece;
    EXPECT_EQ(rig.metrics.rows.value(), 20'000U);
  }
}

TEST(Invocations, ABodyInHandWithMoreRowsThanABatchHoldsIsAnsweredWhole) {
  ServeRig rig({.batch = {.rows_max = 16}});
  FakeExchange neighbour = csv("1,2");
  FakeExchange many = csv(csv_rows(100));
  rig.give(neighbour, 100);
  rig.give(many, 1000);
  rig.settle();
  EXPECT_EQ(neighbour.answer, "3\n");
  EXPECT_EQ(many.answer, scores_of_rows(100));
}

TEST(Invocations, ABadRowInALaterPieceIsNamedAndNothingWasAnsweredBefore) {
  ServeRig rig;
  FakeExchange exchange = csv(csv_rows(20'000) + "1,2,3\n" + csv_rows(20'000));
  rig.give(exchange, 30'000);
  rig.settle();
  EXPECT_EQ(exchange.status, 400);
  EXPECT_THAT(exchange.answer, HasSubstr("row 20001"));
  EXPECT_FALSE(rig.invocations.work_pending());
}

/// The mark of a row that has three values.
std::string too_many(size_t row) {
  return "\"error: row " + std::to_string(row) +
         " has 3 values, the model expects 2 (a, b). "
         "It looks as if the label column is included.\"\n";
}

TEST(Invocations, ABadRecordIsMarkedWhereThatIsWanted) {
  ServeRig rig({.mark_bad_records = true});
  FakeExchange neighbour = csv("1,2");
  FakeExchange some_bad = csv("1,2\n1,2,3\n3,4\n");
  FakeExchange all_bad = csv("1,2,3");
  rig.give(neighbour, 100);
  rig.give(some_bad, 100);
  rig.give(all_bad, 100);
  rig.settle();
  EXPECT_EQ(neighbour.answer, "3\n");
  EXPECT_EQ(some_bad.status, 200);
  EXPECT_EQ(some_bad.answer, "3\n" + too_many(2) + "7\n");
  EXPECT_EQ(all_bad.answer, too_many(1));
  EXPECT_EQ(rig.metrics.bad_records.value(), 2U);
  EXPECT_EQ(rig.metrics.error(ErrorReason::kPayload).value(), 0U);
}

TEST(Invocations, MarksStandAmongTheScoresOfALongPayload) {
  for (const size_t piece : {size_t{997}, size_t{32'768}}) {
    ServeRig rig({.mark_bad_records = true});
    std::string body;
    std::string expected;
    for (size_t i = 0; i < 40'000; ++i) {
      const bool bad = i % 1'000 == 999 || i == 0;
      body += std::to_string(i) + (bad ? ",1,1\n" : ",1\n");
      expected += bad ? too_many(i + 1) : std::to_string(i + 1) + "\n";
    }
    FakeExchange exchange = csv(std::move(body));
    rig.give(exchange, piece);
    rig.settle();
    EXPECT_EQ(exchange.status, 200);
    EXPECT_TRUE(exchange.answer == expected);
  }
}

TEST(Invocations, MarksAreJsonWhereTheAnswerIs) {
  ServeRig rig({.mark_bad_records = true, .error_detail_brief = true});
  for (const auto& [accept, expected] : std::vector<std::pair<const char*, const char*>>{
           {"application/json",
            R"({"predictions":[{"error":"row 1 has 1 value, the model expects 2."},)"
            R"({"score":3},{"error":"row 3 has 1 value, the model expects 2."}]})"},
           {"application/jsonlines",
            "{\"error\":\"row 1 has 1 value, the model expects 2.\"}\n{\"score\":3}\n"
            "{\"error\":\"row 3 has 1 value, the model expects 2.\"}\n"}}) {
    FakeExchange exchange = csv("1\n1,2\n2\n", {{"Accept", accept}});
    rig.ask(exchange);
    EXPECT_EQ(exchange.answer, expected);
  }
}

TEST(Invocations, WhereAnAnswerHoldsNoMarksAHeaderOfABatchTransformIsToldSo) {
  for (const bool mark : {false, true}) {
    InvocationOptions options{.mark_bad_records = mark};
    options.defaults.every_line_is_a_row = true;
    ServeRig rig(options);
    for (const char* accept : {"application/x-npy", "application/x-recordio-protobuf"}) {
      FakeExchange exchange = csv("a,b\n1,2\n", {{"Accept", accept}});
      rig.ask(exchange);
      EXPECT_EQ(exchange.status, 400);
      EXPECT_EQ(exchange.answer.find("(on-bad-record=mark)") == std::string::npos, mark)
          << exchange.answer;
      EXPECT_EQ(exchange.answer.find("answers in this format hold no marks") != std::string::npos,
                mark);
    }
  }
}

TEST(Invocations, WhereNothingCanBeMarkedABadRecordFailsThePayload) {
  ServeRig rig({.mark_bad_records = true});
  for (const char* accept : {"application/x-npy", "application/x-recordio-protobuf"}) {
    FakeExchange exchange = csv("1,2\n1\n", {{"Accept", accept}});
    rig.ask(exchange);
    EXPECT_EQ(exchange.status, 400) << accept;
  }
  FakeExchange json(Method::kPost, "/invocations", {{"Content-Type", "application/json"}},
                    R"({"instances":[[1,2],[1]]})");
  rig.ask(json);
  EXPECT_EQ(json.status, 400);
  FakeExchange unclosed = csv("1,2\n\"1,2\n");
  rig.ask(unclosed);
  EXPECT_EQ(unclosed.status, 400);
}

TEST(Invocations, MarksThatWaitCountAsHeld) {
  ServeRig rig({.mark_bad_records = true, .held_bytes_max = 1'000'000});
  std::string body;
  for (int i = 0; i < 100'000; ++i) {
    body += "1\n";
  }
  FakeExchange exchange = csv(std::move(body));
  rig.give(exchange, 32'768);
  rig.settle();
  EXPECT_EQ(exchange.status, 413);
}

TEST(Invocations, RowsThatComeFasterThanTheyAreScoredHoldTheBodyBack) {
  ServeRig rig;
  const std::string body = csv_rows(300'000);
  FakeExchange exchange = csv(body);
  ASSERT_EQ(rig.router.on_head(exchange), BodyMode::kStream);
  size_t at = 0;
  for (; !exchange.paused && at < body.size(); at += 32'768) {
    rig.router.on_body(exchange, std::string_view(body).substr(at, 32'768), false);
  }
  ASSERT_TRUE(exchange.paused) << "no turn has scored anything";
  ASSERT_LT(at, body.size());
  for (int i = 0; exchange.paused && i < 100'000; ++i) {
    rig.turn();
  }
  EXPECT_FALSE(exchange.paused);
  rig.router.on_body(exchange, std::string_view(body).substr(at), true);
  rig.settle();
  EXPECT_EQ(exchange.answer, scores_of_rows(300'000));
}

TEST(Invocations, PastTheMemoryThatMayBeHeldALargePayloadIsRefused) {
  ServeRig rig({.held_bytes_max = 2 * batch::BlockPool::kBlockBytes});
  FakeExchange exchange = csv(csv_rows(100'000));
  rig.give(exchange, 32'768);
  EXPECT_EQ(exchange.status, 413) << "it would not fit alone";
  EXPECT_THAT(exchange.answer, HasSubstr("more than the 131072 bytes that a shard may hold"));
  EXPECT_THAT(exchange.answer, HasSubstr("send fewer rows at a time"));
  FakeExchange next = csv(csv_rows(10'000));
  rig.ask(next);
  EXPECT_EQ(next.status, 200) << "what was held has been given back";
}

TEST(Invocations, PastTheMemoryThatTwoPayloadsHoldOneIsAskedToComeAgain) {
  ServeRig rig({.held_bytes_max = 4 * batch::BlockPool::kBlockBytes});
  FakeExchange first = csv(csv_rows(100'000));
  ASSERT_EQ(rig.router.on_head(first), BodyMode::kStream);
  rig.router.on_body(first, std::string_view(first.body()).substr(0, 100'000), false);
  ASSERT_EQ(first.status, 0);
  FakeExchange second = csv(csv_rows(100'000));
  rig.give(second, 32'768);
  EXPECT_EQ(second.status, 503);
  EXPECT_THAT(second.answer, HasSubstr("holds as many rows as it may"));
  rig.router.on_abandoned(first);
}

TEST(Invocations, ALargeAnswerWaitsForThePeerToRead) {
  ServeRig rig;
  FakeExchange exchange = csv(csv_rows(50'000));
  exchange.room = 10'000;
  rig.give(exchange, 1'000'000);
  rig.settle();
  EXPECT_EQ(exchange.status, 200);
  EXPECT_FALSE(exchange.sized) << "it is sent as it is made";
  EXPECT_FALSE(exchange.complete);
  while (!exchange.complete) {
    exchange.room = exchange.answer.size() + 10'000;
    const size_t before = exchange.answer.size();
    rig.router.on_writable(exchange);
    rig.settle();
    ASSERT_GT(exchange.answer.size(), before);
  }
  EXPECT_EQ(exchange.answer, scores_of_rows(50'000));
}

TEST(Invocations, OneThatIsGoneIsNotTouchedAgainWhereverItWas) {
  ServeRig rig;
  FakeExchange in_batch = csv("1,2");
  rig.give(in_batch, 10);
  rig.router.on_abandoned(in_batch);
  FakeExchange arriving = csv(csv_rows(20'000));
  ASSERT_EQ(rig.router.on_head(arriving), BodyMode::kStream);
  rig.router.on_body(arriving, std::string_view(arriving.body()).substr(0, 90'000), false);
  rig.router.on_abandoned(arriving);
  FakeExchange answering = csv(csv_rows(20'000));
  answering.room = 100;
  rig.give(answering, 1'000'000);
  rig.settle();
  rig.router.on_abandoned(answering);
  rig.settle();
  EXPECT_EQ(in_batch.status, 0);
  EXPECT_EQ(arriving.status, 0);
  EXPECT_FALSE(answering.complete);
  EXPECT_EQ(rig.metrics.error(ErrorReason::kClientGone).value(), 3U);
}

TEST(Invocations, ABodyWithoutATypeIsToldWhatItWasReadAs) {
  ServeRig rig;
  const std::string guessed = "(It was read as CSV, for want of a Content-Type.)\n";
  FakeExchange json(http::Method::kPost, "/invocations", {}, R"({"instances":[[1,2],[3,4]]})");
  rig.ask(json);
  EXPECT_EQ(json.status, 400);
  EXPECT_THAT(json.answer, testing::EndsWith(guessed));
  FakeExchange declared = csv("1,2,3\n");
  rig.ask(declared);
  EXPECT_THAT(declared.answer, testing::Not(HasSubstr("Content-Type")));
}

TEST(Invocations, ErrorDetailBriefHidesValuesAndNames) {
  ServeRig rig({.error_detail_brief = true});
  FakeExchange exchange = csv("1,secret\n");
  rig.ask(exchange);
  EXPECT_EQ(exchange.status, 400);
  EXPECT_THAT(exchange.answer, HasSubstr("row 1, column 2"));
  EXPECT_THAT(exchange.answer, testing::Not(HasSubstr("secret")));
  FakeExchange by_field = csv("1,2\n", {{"X-Amzn-SageMaker-Custom-Attributes", "outputs=secret"}});
  rig.ask(by_field);
  FakeExchange by_body(http::Method::kPost, "/invocations", {{"Content-Type", "application/json"}},
                       R"({"instances":[[1,2]],"outputs":"secret"})");
  rig.ask(by_body);
  for (const FakeExchange* const asked : {&by_field, &by_body}) {
    EXPECT_EQ(asked->status, 400);
    EXPECT_THAT(asked->answer, HasSubstr("an output that the request asks for is unknown"));
    EXPECT_THAT(asked->answer, testing::Not(HasSubstr("secret")));
  }
}

TEST(Invocations, ErrorDetailBriefHidesNamesOfMembersAndTensors) {
  ServeRig rig({.error_detail_brief = true});
  rig.state.runtime_api = true;
  rig.state.ready = true;
  const std::string array = test::zipped({{.name = "secret.npy", .content = "no array"}});
  const std::string cut = test::zipped({{.name = "secret.npy", .content = "\x93NUMPY\x01"}});
  const std::string two =
      test::zipped({{.name = "data.npy", .content = "1"}, {.name = "secret.npy", .content = "1"}});
  for (const auto& [archive, sentence] : std::vector<std::pair<std::string, std::string>>{
           {array, "a member: the payload is no NPY file."},
           {cut.substr(0, 45), "the payload ends before the member is complete (byte 45)."},
           {two, "a member: it is a second array; send rows in one, or a scipy.sparse matrix."}}) {
    FakeExchange exchange(http::Method::kPost, "/invocations",
                          {{"Content-Type", "application/x-npz"}}, archive);
    rig.ask(exchange);
    EXPECT_EQ(exchange.answer, sentence + "\n");
  }
  const std::string head = R"({"name":"secret","shape":[1,2],)";
  for (const auto& [rest, sentence] : std::vector<std::pair<std::string, std::string>>{
           {R"("datatype":"secret","data":[1,2]})", "a tensor: its datatype is none of BOOL, "},
           {R"("datatype":"FP32","data":[1,2,3]})", "a tensor: it has 3 values, its shape says 2"},
           {R"("datatype":"FP32","data":[1,"secret"]})", "row 1, column 2: a value is no value"},
           {R"("datatype":"BYTES","data":["1","2"]})",
            "a tensor: column 1: BYTES are texts, but this feature is a number."}}) {
    FakeExchange exchange(http::Method::kPost, "/v2/models/secret/infer", {},
                          R"({"inputs":[)" + head + rest + "]}");
    rig.ask(exchange);
    EXPECT_EQ(exchange.status, 400);
    EXPECT_THAT(exchange.answer, HasSubstr(sentence));
    EXPECT_THAT(exchange.answer, testing::Not(HasSubstr("secret")));
  }
}

}  // namespace
}  // namespace ringmaker::serve
