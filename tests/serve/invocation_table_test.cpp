// What invocations borrow and hold while they are under way, and their turns.
#include "serve/invocation_table.h"

#include "tests/batch/sum_predictor.h"
#include "tests/serve/fake_exchange.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace ringmaker::serve {
namespace {

class InvocationTableTest : public testing::Test {
 protected:
  Invocation& begin(FakeExchange& exchange) {
    return table_.begin(exchange, *models_.own(), Route::kInvocations, {});
  }

  batch::SumPredictor predictor_;
  ModelTable models_{&predictor_, {}};
  InvocationTable table_{models_, 1'000'000};
  FakeExchange first_{http::Method::kPost, "/invocations"};
  FakeExchange second_{http::Method::kPost, "/invocations"};
};

TEST_F(InvocationTableTest, OneThatIsOverIsUsedForTheNextAndKnowsNothingOfTheOneBefore) {
  Invocation& before = begin(first_);
  before.begun = true;
  before.rows_encoded = 7;
  before.deadline_ns = 1;
  table_.end(before);
  Invocation& after = begin(second_);
  EXPECT_EQ(&after, &before);
  EXPECT_EQ(&InvocationTable::of(second_), &after);
  EXPECT_FALSE(after.begun);
  EXPECT_EQ(after.rows_encoded, 0U);
  EXPECT_EQ(after.deadline_ns, UINT64_MAX);
  table_.end(after);
}

TEST_F(InvocationTableTest, WhatIsHeldIsTheSumAndGoesWithTheLastOfIt) {
  Invocation& rows = begin(first_);
  rows.take_payload();
  rows.take_decoder();
  (void)rows.payload->writer();
  const uint64_t one = table_.bytes_held();
  EXPECT_GT(one, 0U);
  EXPECT_EQ(rows.bytes_held(), one) << "alone it is the sum";
  Invocation& coded = begin(second_);
  table_.coded().begin(coded, wire::Coding::kGzip);
  EXPECT_EQ(table_.bytes_held(), rows.bytes_held() + coded.bytes_held());
  EXPECT_GT(coded.bytes_held(), 0U);
  table_.end(rows);
  EXPECT_EQ(table_.bytes_held(), coded.bytes_held());
  table_.end(coded);
  EXPECT_EQ(table_.bytes_held(), 0U);
}

TEST_F(InvocationTableTest, SlicesAreDoneInTurnAndOnceALineUp) {
  Invocation& first = begin(first_);
  Invocation& second = begin(second_);
  EXPECT_FALSE(table_.any_in_line());
  table_.line_up(first);
  table_.line_up(second);
  table_.line_up(first);  // is in line already
  EXPECT_EQ(&table_.next_in_line(), &first);
  table_.line_up(first);
  EXPECT_EQ(&table_.next_in_line(), &second);
  EXPECT_THAT(table_.line(), testing::ElementsAre(&first));
  table_.line_up(second);
  table_.leave_line(second);
  EXPECT_THAT(table_.line(), testing::ElementsAre(&first)) << "who has left has no turn";
  table_.end(first);
  EXPECT_FALSE(table_.any_in_line()) << "who has ended is not in line";
  table_.end(second);
}

}  // namespace
}  // namespace ringmaker::serve
