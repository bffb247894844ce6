#include "model/tree/tree_scratch.h"

#include <gtest/gtest.h>

#include <cstring>
#include <thread>

namespace ringmaker::model {
namespace {

TEST(TreeScratch, IsKeptUntilMoreIsNeededAndIsAnotherForEachUse) {
  void* columns = tree_scratch_bytes(ScratchUse::kColumns, 1000);
  void* sums = tree_scratch_bytes(ScratchUse::kSums, 1000);
  EXPECT_NE(columns, sums);
  EXPECT_EQ(tree_scratch_bytes(ScratchUse::kColumns, 10), columns);
  EXPECT_EQ(reinterpret_cast<uintptr_t>(columns) % 64, 0U);
  auto* more = static_cast<char*>(tree_scratch_bytes(ScratchUse::kColumns, 1 << 20));
  std::memset(more, 1, 1 << 20);
}

TEST(TreeScratch, IsAnotherForEachThread) {
  void* mine = tree_scratch_bytes(ScratchUse::kRanks, 100);
  void* other = mine;
  std::thread([&] { other = tree_scratch_bytes(ScratchUse::kRanks, 100); }).join();
  EXPECT_NE(mine, other);
}

}  // namespace
}  // namespace ringmaker::model
