// Rows of a large payload that another shard scores.
#include "serve/loans.h"

#include "tests/serve/serve_rig.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace ringmaker::serve {
namespace {

/// Another shard that takes up to `room` loans, and works on them when it is told to.
class OtherShard final : public RestingShards {
 public:
  [[nodiscard]] std::optional<size_t> choose() override {
    return loans.size() < room ? std::optional<size_t>(1) : std::nullopt;
  }
  [[nodiscard]] bool lend(size_t /*shard*/, Loan& loan) override {
    loans.push_back(&loan);
    return takes;
  }

  size_t room = 2;
  bool takes = true;
  std::vector<Loan*> loans;
};

class LoansTest : public testing::Test {
 protected:
  LoansTest() {
    rig_.predictor.while_scoring = [this](size_t rows) { rig_.clock.advance_ns(rows * 1000); };
    for (size_t i = 0; i < kRows; ++i) {
      body_ += std::to_string(i % 1000) + ",1\n";
      expected_ += std::to_string(i % 1000 + 1) + "\n";
    }
  }
  /// The payload's pieces, and a turn behind each.
  void give(FakeExchange& exchange) {
    ASSERT_EQ(rig_.router.on_head(exchange), http::BodyMode::kStream);
    const std::string_view whole = exchange.body();
    constexpr size_t kPiece = 200'000;
    for (size_t at = 0; at < whole.size(); at += kPiece) {
      rig_.router.on_body(exchange, whole.substr(at, kPiece), at + kPiece >= whole.size());
      rig_.turn();
    }
  }
  /// Of the other shard.
  void work() {
    LoanWork work([this](Loan& loan) {
      rig_.invocations.on_loan_back(loan);
      return true;
    });
    for (Loan* loan : std::exchange(other_.loans, {})) {
      work.take(*loan);
    }
    while (work.pending()) {
      work.work();
    }
  }

  static constexpr size_t kRows = 100'000;
  OtherShard other_;
  ServeRig rig_{{}, {}, &other_};
  std::string body_;
  std::string expected_;
};

TEST_F(LoansTest, TheAnswerIsTheSameAndInOrder) {
  FakeExchange exchange = csv(body_);
  give(exchange);
  size_t loans = 0;
  while (!exchange.complete) {
    loans += other_.loans.size();
    work();
    rig_.turn();
  }
  EXPECT_GT(loans, 1U);
  EXPECT_EQ(exchange.answer, expected_);
  EXPECT_FALSE(rig_.invocations.loans_out());
}

TEST_F(LoansTest, AnInvocationWaitsForWhatIsOut) {
  FakeExchange exchange = csv(body_);
  give(exchange);
  rig_.settle();
  EXPECT_FALSE(exchange.complete);
  EXPECT_FALSE(rig_.invocations.work_pending()) << "the loop may sleep";
  EXPECT_TRUE(rig_.invocations.loans_out());
  other_.room = 0;
  work();
  rig_.settle();
  EXPECT_EQ(exchange.answer, expected_);
}

TEST_F(LoansTest, WhatComesBackToAnInvocationThatIsOverIsGivenBack) {
  FakeExchange exchange = csv(body_);
  give(exchange);
  rig_.settle();
  ASSERT_TRUE(rig_.invocations.loans_out());
  rig_.router.on_abandoned(exchange);
  EXPECT_GT(rig_.models.bytes_lent(), 0U);
  work();
  EXPECT_FALSE(rig_.invocations.loans_out());
  EXPECT_EQ(rig_.models.bytes_lent(), 0U);
}

TEST_F(LoansTest, AShardThatCannotTakeThemIsNotWaitedFor) {
  other_.takes = false;
  FakeExchange exchange = csv(body_);
  give(exchange);
  rig_.settle();
  EXPECT_EQ(exchange.answer, expected_);
  EXPECT_FALSE(rig_.invocations.loans_out());
}

TEST_F(LoansTest, RowsThatTakeNoTimeStayAtHome) {
  rig_.predictor.while_scoring = nullptr;
  FakeExchange exchange = csv(body_);
  give(exchange);
  rig_.settle();
  EXPECT_EQ(exchange.answer, expected_);
  EXPECT_TRUE(other_.loans.empty());
}

}  // namespace
}  // namespace ringmaker::serve
