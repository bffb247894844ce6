#include "tests/model/tree/random_ensemble.h"

#include "model/tree/split.h"

#include <cmath>
#include <limits>

namespace ringmaker::model {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr size_t kCategoryWords = 3;

class Grower {
 public:
  Grower(const EnsembleShape& shape, uint64_t seed) : shape_(shape), random_(seed) {
    ensemble_.features = shape.features;
    ensemble_.outputs = shape.outputs;
    ensemble_.leaf_width = shape.leaf_width;
    ensemble_.precision = shape.precision;
    ensemble_.base_values.assign(shape.outputs, 0.5);
  }

  TreeEnsemble grow() {
    for (size_t t = 0; t < shape_.trees; ++t) {
      tree_ = {.node_begin = static_cast<uint32_t>(ensemble_.nodes.size()),
               .leaf_begin = leaves_,
               .output = shape_.leaf_width > 1 ? 0 : static_cast<uint32_t>(t % shape_.outputs)};
      static_cast<void>(grow_node(random_.below(8) == 0 ? 0 : shape_.depth_max));
      ensemble_.trees.push_back(tree_);
    }
    return std::move(ensemble_);
  }

 private:
  int32_t grow_leaf() {
    for (size_t j = 0; j < shape_.leaf_width; ++j) {
      ensemble_.leaf_values.push_back(
          static_cast<double>(static_cast<float>(random_.uniform() - 0.5)));
    }
    ++leaves_;
    return ~static_cast<int32_t>(tree_.leaf_count++);
  }

  int32_t grow_node(size_t depth) {
    if (depth == 0 || random_.chance(tree_.node_count == 0 ? 0 : shape_.early_leaf)) {
      return grow_leaf();
    }
    const auto id = static_cast<int32_t>(tree_.node_count++);
    ensemble_.nodes.push_back(question());
    const int32_t left = grow_node(depth - 1);
    const int32_t right = grow_node(depth - 1);
    TreeNode& node = ensemble_.nodes[tree_.node_begin + static_cast<uint32_t>(id)];
    node.left = left;
    node.right = right;
    return id;
  }

  TreeNode question() {
    TreeNode node;
    node.feature = static_cast<uint32_t>(random_.below(shape_.features));
    node.missing_left = random_.chance(0.5);
    node.decision = random_.chance(0.5) ? Decision::kLess : Decision::kLessEqual;
    node.missing = shape_.nan_zero ? Missing::kNone : Missing::kNan;
    if (shape_.zero_missing && random_.chance(0.3)) {
      node.missing = Missing::kNanOrZero;
    }
    node.threshold = shape_.thresholds == 0
                         ? static_cast<double>(static_cast<float>(random_.uniform() * 20 - 10))
                         : static_cast<double>(random_.below(shape_.thresholds)) -
                               static_cast<double>(shape_.thresholds / 2);
    if (random_.chance(shape_.categories)) {
      node.decision = random_.chance(0.3) ? Decision::kEqual : Decision::kCategories;
      node.members_left = random_.chance(0.5);
      node.sign_first = random_.chance(0.5);
      node.category_begin = static_cast<uint32_t>(ensemble_.category_words.size());
      for (size_t word = 0; word < kCategoryWords; ++word) {
        ensemble_.category_words.push_back(static_cast<uint32_t>(random_()));
      }
      node.category_end = static_cast<uint32_t>(ensemble_.category_words.size());
    }
    return node;
  }

  EnsembleShape shape_;
  base::Random random_;
  TreeEnsemble ensemble_;
  Tree tree_;
  uint32_t leaves_ = 0;
};

float random_value(const TreeEnsemble& ensemble, bool nan, base::Random& random) {
  switch (random.below(nan ? 12 : 10)) {
    case 0:
      return random.chance(0.5) ? kInfinity : -kInfinity;
    case 1:
      return random.chance(0.5) ? 0.0F : -0.0F;
    case 2:
      return static_cast<float>(random.uniform() * 120 - 10);
    case 3:
      return static_cast<float>(random.uniform() * 4e-35 - 2e-35);
    case 10:
    case 11:
      return std::numeric_limits<float>::quiet_NaN();
    default:
      break;
  }
  if (ensemble.nodes.empty()) {
    return 0;
  }
  const auto threshold =
      static_cast<float>(ensemble.nodes[random.below(ensemble.nodes.size())].threshold);
  switch (random.below(3)) {
    case 0:
      return std::nextafter(threshold, -kInfinity);
    case 1:
      return std::nextafter(threshold, kInfinity);
    default:
      return threshold;
  }
}

template <class Value>
void add_row(const TreeEnsemble& ensemble, const float* row, float* raw) {
  std::vector<Value> sums(raw, raw + ensemble.outputs);
  for (const Tree& tree : ensemble.trees) {
    int32_t at = tree.node_count == 0 ? -1 : 0;
    while (at >= 0) {
      const TreeNode& node = ensemble.nodes[tree.node_begin + static_cast<uint32_t>(at)];
      at = goes_left(node, ensemble.category_words, row[node.feature]) ? node.left : node.right;
    }
    const size_t leaf = (tree.leaf_begin + static_cast<uint32_t>(~at)) * ensemble.leaf_width;
    for (size_t j = 0; j < ensemble.leaf_width; ++j) {
      sums[tree.output + j] += static_cast<Value>(ensemble.leaf_values[leaf + j]);
    }
  }
  for (size_t k = 0; k < ensemble.outputs; ++k) {
    raw[k] = static_cast<float>(sums[k]);
  }
}

}  // namespace

TreeEnsemble random_ensemble(const EnsembleShape& shape, uint64_t seed) {
  return Grower(shape, seed).grow();
}

data::DenseBlock random_rows(const TreeEnsemble& ensemble, size_t rows, bool nan, uint64_t seed) {
  base::Random random(seed);
  data::DenseBlock block(ensemble.features, rows);
  block.resize(rows);
  for (size_t k = 0; k < rows * ensemble.features; ++k) {
    block.span().values[k] = random_value(ensemble, nan, random);
  }
  return block;
}

void add_plainly(const TreeEnsemble& ensemble, data::DenseView rows, data::DenseSpan raw) {
  for (size_t i = 0; i < rows.rows; ++i) {
    if (ensemble.precision == Precision::kFloat32) {
      add_row<float>(ensemble, rows.row(i), raw.row(i));
    } else {
      add_row<double>(ensemble, rows.row(i), raw.row(i));
    }
  }
}

}  // namespace ringmaker::model
