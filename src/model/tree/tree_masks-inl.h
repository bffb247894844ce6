// The mask kernel, written once over `Lanes`, a set's vector of bytes: included inside the unnamed
// namespace of that set's file, so that no inline code is shared.
//
// Lanes has Bytes and Mask, kCount, load, store, splat, splat_four (a word of four equal bytes),
// greater, bit (mask ? byte : 0), select (mask ? right : left), select_and_add (mask ? right + byte
// : left) and add_leaves (sums[lane] += values[number of the lane]).

template <class Lanes, class Node>
[[gnu::always_inline]] inline typename Lanes::Mask goes_right(const Node& node,
                                                              const int8_t* ranks) {
  return Lanes::greater(Lanes::load(ranks + node.column_begin), Lanes::splat_four(node.cuts));
}

template <class Lanes, int kDepth>
[[gnu::always_inline]] inline typename Lanes::Bytes perfect_numbers(const PerfectNode* nodes,
                                                                    const int8_t* ranks);

/// Larger trees are folded from calls, so that the code of a kernel stays within the caches.
template <class Lanes, int kDepth>
[[gnu::noinline]] typename Lanes::Bytes called_numbers(const PerfectNode* nodes,
                                                       const int8_t* ranks) {
  return perfect_numbers<Lanes, kDepth>(nodes, ranks);
}

/// The leaf number of every lane below a perfect subtree: what lies right of its root is numbered
/// after what lies left of it.
template <class Lanes, int kDepth>
[[gnu::always_inline]] inline typename Lanes::Bytes perfect_numbers(const PerfectNode* nodes,
                                                                    const int8_t* ranks) {
  if constexpr (kDepth == 0) {
    return Lanes::splat(0);
  } else if constexpr (kDepth == 1) {
    return Lanes::bit(goes_right<Lanes>(nodes[0], ranks), 1);
  } else {
    constexpr int kHalf = (1 << (kDepth - 1)) - 1;
    typename Lanes::Bytes left;
    typename Lanes::Bytes right;
    if constexpr (kDepth > 6) {
      left = called_numbers<Lanes, kDepth - 1>(nodes, ranks);
      right = called_numbers<Lanes, kDepth - 1>(nodes + kHalf, ranks);
    } else {
      left = perfect_numbers<Lanes, kDepth - 1>(nodes, ranks);
      right = perfect_numbers<Lanes, kDepth - 1>(nodes + kHalf, ranks);
    }
    const auto mask = goes_right<Lanes>(nodes[2 * kHalf], ranks);
    return Lanes::select_and_add(mask, left, right, static_cast<int8_t>(1 << (kDepth - 1)));
  }
}

template <class Lanes>
inline typename Lanes::Bytes slot_numbers(const MaskTask& task, const MaskTree& tree,
                                          const int8_t* ranks) {
  const SlotNode* node = task.slot_nodes + tree.node_begin;
  int8_t* slot = task.slots + task.leaf_slots * kLanes;
  typename Lanes::Bytes numbers = Lanes::splat(0);
  for (uint32_t i = 0; i < tree.node_count; ++i, ++node, slot += kLanes) {
    numbers = Lanes::select(goes_right<Lanes>(*node, ranks),
                            Lanes::load(task.slots + node->left * kLanes),
                            Lanes::load(task.slots + node->right * kLanes));
    Lanes::store(slot, numbers);
  }
  return numbers;
}

template <class Lanes>
inline typename Lanes::Bytes leaf_numbers(const MaskTask& task, const MaskTree& tree,
                                          const int8_t* ranks) {
  const PerfectNode* nodes = task.perfect_nodes + tree.node_begin;
  switch (tree.shape) {
    case 0:
      return perfect_numbers<Lanes, 0>(nodes, ranks);
    case 1:
      return perfect_numbers<Lanes, 1>(nodes, ranks);
    case 2:
      return perfect_numbers<Lanes, 2>(nodes, ranks);
    case 3:
      return perfect_numbers<Lanes, 3>(nodes, ranks);
    case 4:
      return perfect_numbers<Lanes, 4>(nodes, ranks);
    case 5:
      return called_numbers<Lanes, 5>(nodes, ranks);
    case 6:
      return called_numbers<Lanes, 6>(nodes, ranks);
    case 7:
      return called_numbers<Lanes, 7>(nodes, ranks);
    case 8:
      return called_numbers<Lanes, 8>(nodes, ranks);
    default:
      return slot_numbers<Lanes>(task, tree, ranks);
  }
}

/// The lanes [first, first + Lanes::kCount).
template <class Lanes, class Value>
inline void add_lanes(const MaskTask& task, const Value* values, size_t first, Value* sums) {
  for (size_t t = 0; t < task.tree_count; ++t) {
    const MaskTree& tree = task.trees[t];
    const auto numbers = leaf_numbers<Lanes>(task, tree, task.ranks + first);
    for (size_t j = 0; j < task.leaf_width; ++j) {
      Lanes::add_leaves(numbers, values + tree.value_begin + j * tree.value_stride,
                        tree.value_stride, sums + (tree.output + j) * kLanes + first);
    }
  }
}

template <class Lanes>
inline void fill_leaf_slots(const MaskTask& task) {
  for (size_t leaf = 0; leaf < task.leaf_slots; ++leaf) {
    for (size_t i = 0; i < kLanes; i += Lanes::kCount) {
      Lanes::store(task.slots + leaf * kLanes + i, Lanes::splat(static_cast<int8_t>(leaf)));
    }
  }
}

/// The lanes from `first` on, as many as Lanes has: how many that is.
template <class Value, class Lanes>
inline size_t add_some_lanes(const MaskTask& task, const Value* values, size_t first, Value* sums) {
  add_lanes<Lanes>(task, values, first, sums);
  return Lanes::kCount;
}

/// By the narrowest that hold all rows left, or else by the widest.
template <class Value, class Wide, class Narrow, class... Narrower>
inline size_t add_some_lanes(const MaskTask& task, const Value* values, size_t first, Value* sums) {
  return task.row_count - first <= Narrow::kCount
             ? add_some_lanes<Value, Narrow, Narrower...>(task, values, first, sums)
             : add_some_lanes<Value, Wide>(task, values, first, sums);
}

/// The kernel, of lanes from wide to narrow.
template <class Value, class Wide, class... Narrow>
void masks(const MaskTask& task, const Value* values, Value* sums) {
  fill_leaf_slots<Wide>(task);
  for (size_t first = 0; first < task.row_count;) {
    first += add_some_lanes<Value, Wide, Narrow...>(task, values, first, sums);
  }
}
