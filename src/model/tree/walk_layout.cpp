#include "model/tree/walk_layout.h"

#include <algorithm>
#include <array>

namespace ringmaker::model {
namespace {

class Placer {
 public:
  Placer(const TreeEnsemble& ensemble, const Tree& tree) : ensemble_(ensemble), tree_(tree) {
    layout_.children.assign(tree.node_count, WalkLayout::kNowhere);
    layout_.places = kWalkLine;
    next_ = 2;  // the root stands alone
  }

  WalkLayout place() {
    if (tree_.node_count == 0) {
      return std::move(layout_);
    }
    count_leaves();
    open_.push_back(0);
    while (!open_.empty()) {
      const int32_t id = open_.back();
      open_.pop_back();
      place_below(id);
    }
    return std::move(layout_);
  }

 private:
  [[nodiscard]] std::array<int32_t, 2> children_of(int32_t id) const {
    const TreeNode& node = ensemble_.nodes[tree_.node_begin + static_cast<uint32_t>(id)];
    return {node.right, node.left};
  }
  [[nodiscard]] uint32_t leaves_below(int32_t id) const {
    return id < 0 ? 1 : leaves_[static_cast<uint32_t>(id)];
  }
  [[nodiscard]] bool lighter(int32_t a, int32_t b) const {
    return leaves_below(a) < leaves_below(b);
  }

  void count_leaves() {
    std::vector<int32_t> ids{0};
    std::vector<uint32_t> depths(tree_.node_count, 0);
    for (size_t i = 0; i < ids.size(); ++i) {
      const uint32_t below = depths[static_cast<uint32_t>(ids[i])] + 1;
      layout_.depth = std::max(layout_.depth, below);
      for (const int32_t child : children_of(ids[i])) {
        if (child >= 0) {
          depths[static_cast<uint32_t>(child)] = below;
          ids.push_back(child);
        }
      }
    }
    leaves_.assign(tree_.node_count, 0);
    for (size_t i = ids.size(); i-- > 0;) {
      const auto [right, left] = children_of(ids[i]);
      leaves_[static_cast<uint32_t>(ids[i])] = leaves_below(right) + leaves_below(left);
    }
  }

  [[nodiscard]] uint32_t room() const { return layout_.places - next_; }

  /// Fills a line with pairs below node `id`, and leaves open what has no room on it.
  void place_below(int32_t id) {
    const bool fits = 2 * (leaves_below(id) - 1) <= room();
    if (!fits && next_ != 2) {
      next_ = layout_.places;
      layout_.places += kWalkLine;
    }
    const auto by_weight = [this](int32_t a, int32_t b) { return lighter(a, b); };
    near_.assign(1, id);
    while (!near_.empty() && room() > 0) {
      const auto heaviest = std::ranges::max_element(near_, by_weight);
      const int32_t parent = *heaviest;
      near_.erase(heaviest);
      layout_.children[static_cast<uint32_t>(parent)] = next_;
      next_ += 2;
      for (const int32_t child : children_of(parent)) {
        if (child >= 0) {
          near_.push_back(child);
        }
      }
    }
    // The lightest come next: small subtrees share lines.
    std::ranges::sort(near_, [this](int32_t a, int32_t b) { return lighter(b, a); });
    open_.insert(open_.end(), near_.begin(), near_.end());
  }

  const TreeEnsemble& ensemble_;
  const Tree& tree_;
  WalkLayout layout_;
  std::vector<uint32_t> leaves_;  // below each node
  std::vector<int32_t> open_;     // nodes that stand, while their children do not
  std::vector<int32_t> near_;     // likewise, on the line that is being filled
  uint32_t next_ = 0;
};

}  // namespace

WalkLayout walk_layout(const TreeEnsemble& ensemble, const Tree& tree) {
  return Placer(ensemble, tree).place();
}

}  // namespace ringmaker::model
