// The attributes of tree ensembles as PlainTrees: of versions 1 and 3, whose nodes are named by
// pairs of ids, and of version 5, whose nodes and leaves are lists of their own.
#pragma once

#include "model/graph/operator_context.h"
#include "model/graph/plain_trees.h"

#include <string>
#include <vector>

namespace ringmaker::model::operators {

/// A list of numbers: an attribute of floats, or a tensor, called NAME_as_tensor, in its place.
[[nodiscard]] base::Result<std::vector<double>> read_numbers(OperatorContext& node,
                                                             const std::string& name);
/// "SUM" and the like, of versions 1 and 3.
[[nodiscard]] base::Result<Aggregation> read_aggregation(OperatorContext& node);

/// Versions 1 and 3; what leaves say stands in attributes that begin with `prefix`, "target" or
/// "class". Features, targets and aggregation are left to the caller, as what they make is.
[[nodiscard]] base::Result<PlainTrees> read_trees(OperatorContext& node, const std::string& prefix);
/// The same of version 5, where a flag says whether a child's number is that of a node or a leaf.
[[nodiscard]] base::Result<PlainTrees> read_tree_lists(OperatorContext& node);

}  // namespace ringmaker::model::operators
