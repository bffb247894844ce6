#include "base/huge_pages.h"

#include <gtest/gtest.h>

#include <numeric>

namespace ringmaker::base {
namespace {

TEST(HugePages, ValuesStayWhereverTheirMemoryComesFrom) {
  for (const size_t size : {size_t{3}, size_t{5} << 20U}) {
    std::vector<int> values(size);
    std::iota(values.begin(), values.end(), 7);
    const std::vector<int> before = values;
    reserve_huge(values, 2 * size);
    EXPECT_GE(values.capacity(), 2 * size);
    EXPECT_EQ(values, before);
    const int* place = values.data();
    reserve_huge(values, size);
    make_room(values, size);
    EXPECT_EQ(values.data(), place) << "there was room";
    EXPECT_EQ(values, before);
  }
}

TEST(HugePages, RoomGrowsByHalfSoThatFewCallsCopy) {
  std::vector<int> values;
  size_t moves = 0;
  for (int i = 0; i < 100000; ++i) {
    const int* place = values.data();
    make_room(values, 1);
    moves += values.data() == place ? 0 : 1;
    values.push_back(i);
  }
  EXPECT_LT(moves, 40U);
  EXPECT_EQ(values[99999], 99999);
}

}  // namespace
}  // namespace ringmaker::base
