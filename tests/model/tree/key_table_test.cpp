#include "model/tree/key_table.h"

#include "base/random.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

namespace ringmaker::model {
namespace {

template <class Key>
class KeyTableTest : public testing::Test {};
using Keys = testing::Types<uint32_t, uint64_t>;
TYPED_TEST_SUITE(KeyTableTest, Keys);

TYPED_TEST(KeyTableTest, AnswersAsAMapDoes) {
  base::Random random(1);
  KeyTable<TypeParam> table;
  std::map<TypeParam, uint32_t> map;
  for (uint32_t i = 0; i < 20000; ++i) {
    // Keys close together, as those of floats are, and far apart.
    const auto key =
        static_cast<TypeParam>(random.chance(0.5) ? random.below(3000) : random() >> 1U << 12U);
    uint32_t& number = table.at(key);
    const auto [place, added] = map.try_emplace(key, i);
    ASSERT_EQ(number == KeyTable<TypeParam>::kNew, added);
    if (added) {
      number = i;
    }
    ASSERT_EQ(table.number(key), place->second);
  }
  std::vector<TypeParam> keys = table.keys();
  std::ranges::sort(keys);
  std::vector<TypeParam> expected;
  for (const auto& [key, number] : map) {
    expected.push_back(key);
    EXPECT_EQ(table.number(key), number);
  }
  EXPECT_EQ(keys, expected);
}

}  // namespace
}  // namespace ringmaker::model
