// GraphTrees: what there is to tell of an ensemble of trees that is a node of a graph. For people;
// nothing of it scores.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace ringmaker::model {

struct GraphTrees {
  std::string objective = {};  // "TreeEnsembleClassifier, LOGISTIC": the operator, what it makes
  size_t trees = 0;
  size_t nodes = 0;
  size_t leaves = 0;
  /// How many nodes ask for each feature of the model, from the first on; empty where the trees
  /// read what other nodes make of them.
  std::vector<double> splits = {};
  std::string plan = {};  // which kernel scores how many rows
};

}  // namespace ringmaker::model
