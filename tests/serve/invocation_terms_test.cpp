// What the head of a request settles, and why it is turned down.
#include "serve/invocation_terms.h"

#include "tests/serve/fake_exchange.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ringmaker::serve {
namespace {

using testing::HasSubstr;

const data::OutputSchema kRegression{};

FakeExchange post(FakeExchange::Fields fields) {
  return {http::Method::kPost, "/invocations", std::move(fields), "1,2\n"};
}

tl::expected<InvocationTerms, Objection> terms_of(FakeExchange::Fields fields,
                                                  const InvocationDefaults& defaults = {}) {
  return TermsNegotiator(defaults).negotiate(post(std::move(fields)).head(), kRegression);
}

TEST(InvocationTerms, TypesAreThoseOfTheHeadElseOfTheDefaults) {
  const auto plain = terms_of({{"Content-Type", "text/csv"}});
  ASSERT_TRUE(plain);
  EXPECT_EQ(plain->in, codec::Format::kCsv);
  EXPECT_EQ(plain->out, codec::Format::kCsv);

  const InvocationDefaults json{.accept = codec::Format::kJson};
  EXPECT_EQ(terms_of({{"Content-Type", "text/csv"}}, json)->out, codec::Format::kJson);
  EXPECT_EQ(terms_of({{"Content-Type", "text/csv"}, {"Accept", "application/x-npy"}}, json)->out,
            codec::Format::kNpy);
}

TEST(InvocationTerms, ParametersOfTheTypeAreOptionsOfThePayload) {
  const auto terms = terms_of({{"Content-Type", "text/libsvm; index_base=1"}});
  ASSERT_TRUE(terms);
  EXPECT_EQ(terms->options.index_base, 1);
  EXPECT_TRUE(terms_of({{"Content-Type", "text/csv"}}, {.every_line_is_a_row = true})
                  ->options.every_line_is_a_row);
}

TEST(InvocationTerms, OutputsAreThoseAskedForElseOfTheDefaults) {
  const auto score = codec::OutputSelection::parse("predicted_score").value();
  EXPECT_EQ(terms_of({{"Content-Type", "text/csv"}}, {.outputs = score})->outputs, score);
  EXPECT_EQ(terms_of({{"Content-Type", "text/csv"},
                      {"X-Amzn-SageMaker-Custom-Attributes", "outputs=predicted_score"}})
                ->outputs,
            score);
}

TEST(InvocationTerms, EachRequestHasItsOwnWhateverTheLastOneSaid) {
  TermsNegotiator negotiator({.every_line_is_a_row = true});
  const auto in_and_out = [&](FakeExchange::Fields fields) {
    const auto terms = negotiator.negotiate(post(std::move(fields)).head(), kRegression);
    return terms ? std::pair(terms->in, terms->out)
                 : std::pair(codec::Format::kNpz, codec::Format::kNpz);
  };
  using codec::Format;
  for (int round = 0; round < 2; ++round) {
    EXPECT_EQ(in_and_out({{"Content-Type", "text/csv"}}), std::pair(Format::kCsv, Format::kCsv));
    EXPECT_EQ(in_and_out({{"Content-Type", "text/csv"}}), std::pair(Format::kCsv, Format::kCsv));
    EXPECT_EQ(in_and_out({{"Content-Type", "text/csv"}, {"Accept", "application/json"}}),
              std::pair(Format::kCsv, Format::kJson));
    EXPECT_EQ(in_and_out({{"Content-Type", "application/json"}, {"Accept", "application/json"}}),
              std::pair(Format::kJson, Format::kJson));
    EXPECT_EQ(in_and_out({{"Content-Type", "image/png"}}), std::pair(Format::kNpz, Format::kNpz));
  }
  const auto score = codec::OutputSelection::parse("predicted_score").value();
  const auto asked =
      negotiator.negotiate(post({{"Content-Type", "text/csv"},
                                 {"X-Amzn-SageMaker-Custom-Attributes", "outputs=predicted_score"}})
                               .head(),
                           kRegression);
  EXPECT_EQ(asked->outputs, score);
  const auto unasked =
      negotiator.negotiate(post({{"Content-Type", "text/csv"}}).head(), kRegression);
  EXPECT_EQ(unasked->outputs, codec::OutputSelection{});
  EXPECT_TRUE(unasked->options.every_line_is_a_row);
}

TEST(InvocationTerms, EachObjectionHasItsStatusAndSaysWhatWouldDo) {
  const auto objection = [](FakeExchange::Fields fields) {
    const auto terms = terms_of(std::move(fields));
    return terms ? Objection{200, ""} : terms.error();
  };
  EXPECT_EQ(objection({{"Content-Type", "image/png"}}).status, 415);
  EXPECT_THAT(objection({{"Content-Type", "image/png"}}).sentence, HasSubstr("text/csv"));
  const Objection coding = objection({{"Content-Type", "text/csv"}, {"Content-Encoding", "br"}});
  EXPECT_EQ(coding.status, 415);
  EXPECT_THAT(coding.sentence, HasSubstr(coding.instead));
  EXPECT_EQ(objection({{"Content-Type", "text/csv"}, {"Accept", "image/png"}}).status, 406);
  EXPECT_EQ(objection({{"Content-Type", "text/libsvm; index_base=2"}}).status, 400);
  EXPECT_EQ(objection({{"Content-Type", "text/csv"},
                       {"X-Amzn-SageMaker-Custom-Attributes", "outputs=nonsense"}})
                .status,
            400);
}

TEST(InvocationTerms, ABodyHasAKnownEndAndAMethodThatSendsOne) {
  FakeExchange exchange = post({{"Content-Type", "text/csv"}});
  exchange.edit_head().content_length.reset();
  EXPECT_EQ(object_to_framing(exchange.head())->status, 411);
  exchange.edit_head().chunked = true;
  EXPECT_FALSE(object_to_framing(exchange.head()));

  const FakeExchange get(http::Method::kGet, "/invocations");
  const auto terms = TermsNegotiator({}).negotiate(get.head(), kRegression);
  ASSERT_FALSE(terms);
  EXPECT_EQ(terms.error().status, 405);
  EXPECT_EQ(terms.error().instead, "POST, OPTIONS");
}

}  // namespace
}  // namespace ringmaker::serve
