// Room for one more model, and when there is none.
#include "serve/memory_budget.h"

#include <gtest/gtest.h>

namespace ringmaker::serve {
namespace {

constexpr uint64_t kMiB = uint64_t{1} << 20;

TEST(DefaultRequestBytes, AreTwoFifthsOfTheLimitOrElseOfWhatIsFree) {
  EXPECT_EQ(default_request_bytes(100 * kMiB, {.available_bytes = 5 * kMiB}), 40 * kMiB);
  EXPECT_EQ(default_request_bytes(std::nullopt, {.available_bytes = 5 * kMiB}), 2 * kMiB);
  const uint64_t unknown = default_request_bytes(std::nullopt, {.available_bytes = UINT64_MAX});
  EXPECT_LT(unknown, uint64_t{1} << 50) << "of what the machine has at all";
  EXPECT_GT(unknown, 0U);
}

class MemoryBudgetTest : public testing::Test {
 protected:
  MemoryBudget budget(std::optional<uint64_t> limit, uint64_t requests) {
    return MemoryBudget(
        {.limit_bytes = limit, .request_bytes = requests, .read = [this] { return reading_; }});
  }
  MemoryReading reading_{.resident_bytes = 10 * kMiB, .available_bytes = 1000 * kMiB};
};

TEST_F(MemoryBudgetTest, TheContainersLimitLessWhatIsUsedAndWhatRequestsMayHold) {
  MemoryBudget made(budget(100 * kMiB, 40 * kMiB));
  EXPECT_EQ(made.room(), 45 * kMiB) << "100 - 5 of margin - 10 resident - 40 for requests";
  reading_.resident_bytes = 30 * kMiB;
  EXPECT_EQ(made.room(), 25 * kMiB);
  reading_.resident_bytes = 500 * kMiB;
  EXPECT_EQ(made.room(), 0U);
}

TEST_F(MemoryBudgetTest, AMachineShortOfMemoryCountsBeforeTheLimit) {
  reading_.available_bytes = 20 * kMiB;
  EXPECT_EQ(budget(100 * kMiB, 0).room(), 19 * kMiB);
  EXPECT_EQ(budget(std::nullopt, 500 * kMiB).room(), 19 * kMiB) << "no limit but the machine";
}

TEST_F(MemoryBudgetTest, LoadsUnderWayCountAsUsed) {
  MemoryBudget made(budget(100 * kMiB, 40 * kMiB));
  EXPECT_TRUE(made.reserve(30 * kMiB));
  EXPECT_FALSE(made.reserve(16 * kMiB));
  EXPECT_TRUE(made.reserve(15 * kMiB));
  EXPECT_FALSE(made.reserve(1));
  made.release(30 * kMiB);
  EXPECT_EQ(made.room(), 30 * kMiB);
}

TEST_F(MemoryBudgetTest, ALoadNeedsSeveralTimesItsFile) {
  EXPECT_GE(MemoryBudget::needed(10 * kMiB), 30 * kMiB);
  EXPECT_GT(MemoryBudget::needed(0), 0U);
}

TEST(ReadMemory, ThisProcessUsesSomeAndTheMachineHasSome) {
  const MemoryReading reading = read_memory();
  EXPECT_GT(reading.resident_bytes, 100'000U);
  EXPECT_GT(reading.available_bytes, 100'000U);
}

}  // namespace
}  // namespace ringmaker::serve
