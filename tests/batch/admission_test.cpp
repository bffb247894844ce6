// Who is let in, by a clock that the test moves.
#include "batch/admission.h"

#include <gtest/gtest.h>

namespace ringmaker::batch {
namespace {

constexpr uint64_t kMs = 1'000'000;

class AdmissionTest : public testing::Test {
 protected:
  /// One turn at `now_`, of a request that would wait so long; the clock moves on.
  bool turn(uint64_t wait_ms, uint64_t takes_ms = 1) {
    const bool let_in = admission_.admit(now_, wait_ms * kMs);
    now_ += takes_ms * kMs;
    admission_.end_turn(now_);
    return let_in;
  }
  void overload() {
    for (int i = 0; i < 12; ++i) {
      (void)turn(150, 10);
    }
    ASSERT_TRUE(admission_.refusing());
  }

  Admission admission_{100 * kMs};
  uint64_t now_ = 1000 * kMs;
};

TEST_F(AdmissionTest, ABurstIsLetIn) {
  for (int i = 0; i < 9; ++i) {
    EXPECT_TRUE(turn(150, 10));
  }
  EXPECT_TRUE(turn(20, 10));
  for (int i = 0; i < 9; ++i) {
    EXPECT_TRUE(turn(5000, 10)) << "and another one";
  }
}

TEST_F(AdmissionTest, AQueueThatStandsIsRefused) {
  overload();
  EXPECT_FALSE(turn(150));
  EXPECT_FALSE(turn(6));
  EXPECT_TRUE(turn(5)) << "little work is taken on in each turn";
  EXPECT_TRUE(turn(0));
}

TEST_F(AdmissionTest, TurnsWithoutARequestSayNothing) {
  for (int i = 0; i < 12; ++i) {
    (void)turn(150, 10);
    admission_.end_turn(now_);
  }
  EXPECT_TRUE(admission_.refusing());
}

TEST_F(AdmissionTest, BetweenTwoLongWaitsWithARestNoQueueStood) {
  for (int i = 0; i < 20; ++i) {
    EXPECT_TRUE(turn(400, 500));
    admission_.rest();
  }
  EXPECT_FALSE(admission_.refusing());
}

TEST_F(AdmissionTest, WithinOneLongTurnToo) {
  EXPECT_TRUE(admission_.admit(now_, 101 * kMs));
  EXPECT_TRUE(admission_.admit(now_ + 99 * kMs, 199 * kMs));
  EXPECT_FALSE(admission_.admit(now_ + 100 * kMs, 200 * kMs));
}

TEST_F(AdmissionTest, ItEndsWhenNobodyHadToBeRefusedForAsLong) {
  overload();
  EXPECT_FALSE(turn(50));
  for (int i = 0; i < 98; ++i) {
    EXPECT_TRUE(turn(1));
  }
  EXPECT_FALSE(turn(50)) << "a millisecond too early";
  for (int i = 0; i < 100; ++i) {
    EXPECT_TRUE(turn(1));
  }
  EXPECT_TRUE(turn(50));
  EXPECT_FALSE(admission_.refusing());
}

TEST_F(AdmissionTest, AfterASecondOfRefusingAllAreLetInToSeeWhetherItIsOver) {
  overload();
  for (int i = 0; i < 1000; ++i) {
    (void)turn(i % 2 == 0 ? 60 : 0);
  }
  EXPECT_FALSE(admission_.refusing());
  for (int i = 0; i < 2000; ++i) {
    EXPECT_TRUE(turn(60)) << "a wait that is allowed";
  }
  EXPECT_TRUE(turn(150)) << "and then what comes is a burst again";
}

TEST_F(AdmissionTest, ATrialThatFailsEndsAtOnceAndTheNextComesLater) {
  overload();
  const auto milliseconds_to_trial = [&] {
    int turns = 0;
    for (; admission_.refusing(); ++turns) {
      (void)turn(150);
    }
    return turns;
  };
  (void)milliseconds_to_trial();
  for (const int seconds : {2, 4, 8, 8}) {
    EXPECT_FALSE(turn(101)) << "it is not over";
    EXPECT_NEAR(milliseconds_to_trial(), seconds * 1000, 2);
  }
}

TEST_F(AdmissionTest, WithoutATargetEverybodyIsLetIn) {
  Admission open(0);
  for (uint64_t i = 0; i < 100; ++i) {
    EXPECT_TRUE(open.admit(i * 10 * kMs, UINT64_MAX));
    open.end_turn(i * 10 * kMs);
  }
}

}  // namespace
}  // namespace ringmaker::batch
