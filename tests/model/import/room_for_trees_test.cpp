#include "model/import/room_for_trees.h"

#include <gtest/gtest.h>

namespace ringmaker::model {
namespace {

TEST(RoomForTrees, NodesAndLeavesOfADocumentFindTheirPlace) {
  TreeEnsemble ensemble;
  ensemble.leaf_values = {1};
  reserve_for_document(ensemble, 6400, 64);
  EXPECT_GE(ensemble.nodes.capacity(), 100U);
  EXPECT_GE(ensemble.node_covers.capacity(), 100U);
  EXPECT_GE(ensemble.leaf_values.capacity(), 100U);
  EXPECT_GE(ensemble.leaf_ids.capacity(), 100U);
  EXPECT_GE(ensemble.leaf_covers.capacity(), 100U);
  EXPECT_EQ(ensemble.leaf_values, std::vector<double>{1});
}

}  // namespace
}  // namespace ringmaker::model
