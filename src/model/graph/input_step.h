// InputStep: columns of the model's rows as the values of one of a graph's inputs.
#pragma once

#include "model/graph/graph_features.h"
#include "model/graph/program.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace ringmaker::model {

/// A kernel. A row whose integer is missing is spoiled.
class InputStep {
 public:
  InputStep(ValueId id, size_t first, size_t count, ElementType type)
      : id_(id), first_(first), count_(count), type_(type) {}

  /// The feature of the next column, whose numbers may be settled later.
  void add(const GraphFeatures::Feature& feature) {
    text_numbers_.push_back(feature.text_numbers);
    wide_integers_.push_back(feature.wide_integers);
  }

  void operator()(const Frame& frame) const;

 private:
  template <class T, class Convert>
  void fill(const Frame& frame, T* out, Convert&& convert) const;

  ValueId id_;
  size_t first_;
  size_t count_;
  ElementType type_;
  std::vector<std::shared_ptr<std::vector<int64_t>>> text_numbers_;
  std::vector<std::shared_ptr<std::vector<std::pair<float, int64_t>>>> wide_integers_;
};

}  // namespace ringmaker::model
