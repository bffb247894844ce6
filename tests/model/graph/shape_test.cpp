#include "model/graph/shape.h"

#include "model/graph/broadcast_loop.h"

#include <gmock/gmock.h>

#include <vector>

namespace ringmaker::model {
namespace {

using testing::ElementsAre;

Shape rows_of(std::vector<int64_t> dims) { return {.dims = std::move(dims), .batch_axis = 0}; }

TEST(Shape, CountsByRow) {
  const Shape shape = rows_of({2, 3});
  EXPECT_EQ(shape.elements(), 6U);
  EXPECT_EQ(shape.elements_of(5), 30U);
  EXPECT_EQ(shape.elements_of(5, 0, 1), 10U);
  EXPECT_EQ(shape.elements_of(5, 1, 2), 3U);
  EXPECT_EQ(text_of(shape), "[2*N, 3]");
  EXPECT_EQ(text_of(rows_of({1, 3})), "[N, 3]");
}

TEST(Shape, IsStretchedWhereItIsOne) {
  EXPECT_EQ(broadcast(rows_of({1, 3}), {.dims = {3}}), rows_of({1, 3}));
  EXPECT_EQ(broadcast(rows_of({1, 1}), {.dims = {1, 4}}), rows_of({1, 4}));
  EXPECT_EQ(broadcast(rows_of({1, 1}), {.dims = {2, 1}}), std::nullopt) << "N is any number";
  EXPECT_EQ(broadcast(rows_of({1, 3}), {.dims = {2}}), std::nullopt);
  EXPECT_EQ(broadcast(rows_of({1}), rows_of({1, 1})), std::nullopt) << "rows along two axes";
}

TEST(BroadcastLoop, WalksOperandsAtTheirOwnPace) {
  const BroadcastLoop<2> loop(rows_of({1, 2, 3}), {rows_of({1, 1, 3}), Shape{.dims = {2, 1}}});
  std::vector<size_t> first;
  std::vector<size_t> second;
  loop.run(2, [&](size_t /*first*/, size_t count, const auto& offsets, const auto& steps) {
    for (size_t i = 0; i < count; ++i) {
      first.push_back(offsets[0] + i * steps[0]);
      second.push_back(offsets[1] + i * steps[1]);
    }
  });
  EXPECT_THAT(first, ElementsAre(0, 1, 2, 0, 1, 2, 3, 4, 5, 3, 4, 5));
  EXPECT_THAT(second, ElementsAre(0, 0, 0, 1, 1, 1, 0, 0, 0, 1, 1, 1));
}

}  // namespace
}  // namespace ringmaker::model
