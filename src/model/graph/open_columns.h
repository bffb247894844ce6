// OpenColumns: how many columns an input has whose shape does not say it.
//
// Converters may leave both dimensions of an input open. The nodes that read it tell then: weights
// have a row a column, a scaler has an offset a column.
#pragma once

#include "model/graph/graph.h"

#include <vector>

namespace ringmaker::model {

/// The graph's inputs, with the second dimension filled in where it is open and exactly one number
/// follows from the nodes that read the input, directly or behind steps that keep its columns. What
/// nothing tells, or two nodes differently, stays open.
[[nodiscard]] std::vector<GraphPort> settle_open_columns(const Graph& graph);

}  // namespace ringmaker::model
