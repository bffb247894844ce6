// RoomForTrees: memory for the trees of a document, before the first of them is read.
#pragma once

#include "base/huge_pages.h"
#include "model/tree/tree_ensemble.h"

#include <cstddef>

namespace ringmaker::model {

/// For as many nodes and leaves as `bytes` hold where one of each takes `bytes_of_both`, so that
/// lists need not move as they grow. What is never written to takes no memory.
inline void reserve_for_document(TreeEnsemble& ensemble, size_t bytes, size_t bytes_of_both) {
  const size_t count = bytes / bytes_of_both;
  base::reserve_huge(ensemble.nodes, count);
  base::reserve_huge(ensemble.node_covers, count);
  base::reserve_huge(ensemble.leaf_values, count);
  base::reserve_huge(ensemble.leaf_ids, count);
  base::reserve_huge(ensemble.leaf_covers, count);
}

}  // namespace ringmaker::model
