// Who is scored in which order, and who not at all, where not all can be in time.
#include "serve/timetable.h"

#include "serve/invocation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <vector>

namespace ringmaker::serve {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr uint64_t kNow = 1000;

class TimetableTest : public testing::Test {
 protected:
  /// The next to arrive.
  void add(uint64_t left_ns, uint64_t deadline_ns) {
    timetable_.add({&invocations_.at(added_), left_ns, deadline_ns, added_});
    ++added_;
  }
  std::vector<uint64_t> draw_up() {
    std::vector<uint64_t> late;
    for (const Timetable::Entry& entry : timetable_.draw_up(kNow)) {
      late.push_back(entry.arrival);
    }
    return late;
  }
  std::vector<ptrdiff_t> order() {
    std::vector<ptrdiff_t> order;
    for (; timetable_.first() != nullptr; timetable_.pass_first()) {
      order.push_back(timetable_.first() - invocations_.data());
    }
    return order;
  }

  Timetable timetable_;

 private:
  std::array<Invocation, 8> invocations_;
  uint64_t added_ = 0;
};

TEST_F(TimetableTest, WhileThereIsTimeForAllNobodyIsFirst) {
  add(300, kNow + 1000);
  add(500, kNow + 1000);
  EXPECT_THAT(draw_up(), IsEmpty());
  EXPECT_EQ(timetable_.first(), nullptr);
}

TEST_F(TimetableTest, WhereMostOfTheTimeIsNeededTheyAreFinishedOneByOne) {
  add(300, kNow + 1000);
  add(501, kNow + 1000);
  EXPECT_THAT(draw_up(), IsEmpty()) << "there is time for both, if nothing comes between";
  EXPECT_THAT(order(), ElementsAre(0, 1));
}

TEST_F(TimetableTest, WhoCameLastIsLateAndIsToldFirst) {
  for (int i = 0; i < 7; ++i) {
    add(300, kNow + 1000);
  }
  EXPECT_THAT(draw_up(), ElementsAre(6, 5, 4)) << "the fourth would be by a fifth";
  EXPECT_THAT(order(), ElementsAre(0, 1, 2, 3));
}

TEST_F(TimetableTest, TheShorterIsBeforeTheLongerAndOfEqualOnesTheOlder) {
  add(700, kNow + 1000);
  add(20, kNow + 1000);
  add(17, kNow + 1000);
  add(600, kNow + 2000);
  EXPECT_THAT(draw_up(), IsEmpty());
  EXPECT_THAT(order(), ElementsAre(1, 2, 0, 3));
}

TEST_F(TimetableTest, OneThatIsTooLongTakesNobodyWithIt) {
  add(5000, kNow + 1000);
  add(400, kNow + 1000);
  add(400, kNow + 1000);
  EXPECT_THAT(draw_up(), ElementsAre(0));
  EXPECT_THAT(order(), ElementsAre(1, 2));
}

TEST_F(TimetableTest, OthersTakeTheirPartOfTheTime) {
  add(150, kNow + 500);
  add(340, kNow + 500);
  timetable_.add_other(1'000'000);
  EXPECT_THAT(draw_up(), ElementsAre(1)) << "490 of 500, and a third of that";
  EXPECT_THAT(order(), ElementsAre(0));
  size_t turns = 0;
  for (int slice = 0; slice < 100; ++slice) {
    turns += timetable_.others_turn() ? 1U : 0U;
  }
  EXPECT_EQ(turns, 100 / Timetable::kSlicesOfAll);
}

TEST_F(TimetableTest, WhoIsAloneIsTriedHoweverLongItSeemsToTake) {
  add(5000, kNow + 1000);
  add(6000, kNow + 1000);
  EXPECT_THAT(draw_up(), ElementsAre(1));
  EXPECT_THAT(order(), ElementsAre(0));
}

TEST_F(TimetableTest, OthersThatAreNearlyDoneTakeNoMoreThanTheyNeed) {
  add(150, kNow + 500);
  add(340, kNow + 500);
  timetable_.add_other(50);
  EXPECT_THAT(draw_up(), IsEmpty());
  EXPECT_THAT(order(), ElementsAre(0, 1));
}

TEST_F(TimetableTest, OfAModelThatNobodyHasTimedNobodyIsLate) {
  add(900, kNow + 1000);
  add(900, kNow + 1000);
  add(0, kNow + 1000);
  EXPECT_THAT(draw_up(), ElementsAre(1)) << "of the other model";
  EXPECT_THAT(order(), ElementsAre(2, 0)) << "a slice tells more";
}

TEST_F(TimetableTest, TheNextKnowsNothingOfTheOneBefore) {
  add(500, kNow + 1000);
  add(5000, kNow + 1000);
  timetable_.add_other(1'000'000);
  EXPECT_THAT(draw_up(), ElementsAre(1));
  timetable_.clear();
  add(700, kNow + 1000);
  EXPECT_THAT(draw_up(), IsEmpty());
  EXPECT_EQ(timetable_.first(), nullptr);
}

TEST_F(TimetableTest, IsDrawnUpSoManyTimesARoundHoweverLongTheLine) {
  EXPECT_TRUE(timetable_.due(1));
  timetable_.clear();
  EXPECT_TRUE(timetable_.due(32));
  timetable_.clear();
  for (int slice = 1; slice < 100; ++slice) {
    EXPECT_FALSE(timetable_.due(3200));
  }
  EXPECT_TRUE(timetable_.due(3200));
}

}  // namespace
}  // namespace ringmaker::serve
