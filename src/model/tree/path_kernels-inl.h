// The walk of path_kernels.h over any set's lanes: included inside the unnamed namespace of a set's
// file, so that no inline code is shared.

/// L: eight doubles at a time. Vector and Mask; load, store, splat; times, plus, minus;
/// plus_where(mask, a, b): a + b where the mask is set, else a; select(mask, a, b); kept(mask, a):
/// a, else 0; all(), both(a, b), first_only(a, b); right(values, cut, nan_right).
template <class L>
class PathWalk {
 public:
  explicit PathWalk(const PathTask& task)
      : task_(task),
        points_(task.points),
        lefts_(static_cast<typename L::Mask*>(task.memory)),
        ways_(lefts_ + task.levels + 1),
        products_(static_cast<double*>(task.memory) + 2 * (task.levels + 1) * kPathRows),
        sums_(products_ + (task.levels + 1) * points_ * kPathRows) {
    static_assert(sizeof(typename L::Mask) <= kPathRows * sizeof(double));
  }

  void run() {
    for (size_t q = 0; q < points_; ++q) {
      L::store(product(0, q), L::splat(task_.weight[q]));
    }
    for (size_t m = 0; m < task_.move_count; ++m) {
      const PathNode& node = task_.nodes[task_.moves[m].node];
      switch (task_.moves[m].step) {
        case PathStep::kAskThenLeft:
          ask(node);
          descend<true>(node);
          break;
        case PathStep::kAskThenRight:
          ask(node);
          descend<false>(node);
          break;
        case PathStep::kRight:
          descend<false>(node);
          break;
        case PathStep::kLeave:
          leave<false, false>(node);
          break;
        case PathStep::kLeaveLeftLeaf:
          leave<true, false>(node);
          break;
        case PathStep::kLeaveRightLeaf:
          leave<false, true>(node);
          break;
        case PathStep::kLeaveFork:
          ask(node);
          leave_fork(node);
          break;
      }
    }
  }

 private:
  using Vector = typename L::Vector;
  using Mask = typename L::Mask;

  double* product(size_t level, size_t q) const {
    return products_ + (level * points_ + q) * kPathRows;
  }
  /// Of the subtree whose root is such a child.
  double* sum(size_t level, bool right, size_t q) const {
    return sums_ + ((2 * level + static_cast<size_t>(right)) * points_ + q) * kPathRows;
  }

  void ask(const PathNode& node) const {
    const float* values = task_.columns + node.column * task_.stride;
    lefts_[node.level] = L::first_only(L::all(), L::right(values, node.cut, node.nan_right));
  }

  /// Where the row still passes all nodes above that ask the same.
  Mask passing(const PathNode& node) const {
    return node.above == 0 ? L::all() : ways_[node.above];
  }

  /// z (1-t), and t where the row goes that way.
  static Vector factor(Mask way, double z, double t, double u) {
    return L::plus_where(way, L::times(L::splat(z), L::splat(u)), L::splat(t));
  }

  struct Factors {
    Mask passing;
    Mask way;
    double z;
    double share;
    const double* inverses;  // null for a feature asked for the first time
  };

  template <bool kLeft>
  Factors factors(const PathNode& node) const {
    const Mask left = lefts_[node.level];
    const Mask way = kLeft ? left : L::first_only(L::all(), left);
    return {passing(node), way, kLeft ? node.z_left : node.z_right,
            kLeft ? node.share_left : node.share_right,
            node.above == 0 ? nullptr : task_.inverses + node.inverse_begin};
  }

  Vector factor_at(const Factors& factors, size_t q) const {
    const Vector first = factor(factors.way, factors.z, task_.t[q], task_.u[q]);
    if (factors.inverses == nullptr) {
      return first;
    }
    return L::select(factors.passing, L::times(first, L::splat(factors.inverses[q])),
                     L::splat(factors.share));
  }

  template <bool kLeft>
  void descend(const PathNode& node) const {
    const Factors way = factors<kLeft>(node);
    ways_[node.level + 1] = L::both(way.passing, way.way);
    for (size_t q = 0; q < points_; ++q) {
      L::store(product(node.level + 1, q),
               L::times(L::load(product(node.level, q)), factor_at(way, q)));
    }
  }

  /// Adds what the sums below make of the node's feature.
  void add(const PathNode& node, Vector left, Vector right) const {
    const Mask goes_left = lefts_[node.level];
    const Vector z = L::splat(node.z);
    const Vector of_left = L::minus(L::kept(goes_left, z), L::splat(node.z_left));
    const Vector of_right =
        L::minus(L::kept(L::first_only(L::all(), goes_left), z), L::splat(node.z_right));
    const Vector both = L::plus(L::times(of_left, left), L::times(of_right, right));
    double* sums = task_.sums + node.slot * kPathRows;
    L::store(sums, L::plus_where(passing(node), L::load(sums), both));
  }

  template <bool kLeftLeaf, bool kRightLeaf>
  void leave(const PathNode& node) const {
    const Factors left_way = factors<true>(node);
    const Factors right_way = factors<false>(node);
    const Vector left_value = L::splat(kLeftLeaf ? task_.values[node.left_value] : 0);
    const Vector right_value = L::splat(kRightLeaf ? task_.values[node.right_value] : 0);
    Vector lefts = L::splat(0);
    Vector rights = L::splat(0);
    for (size_t q = 0; q < points_; ++q) {
      const Vector left = kLeftLeaf ? left_value : L::load(sum(node.level + 1, false, q));
      const Vector right = kRightLeaf ? right_value : L::load(sum(node.level + 1, true, q));
      Vector product_here = L::load(product(node.level, q));
      if (left_way.inverses != nullptr) {
        const Vector inverse = L::splat(left_way.inverses[q] * left_way.inverses[q]);
        product_here = L::times(product_here, inverse);
      }
      lefts = L::plus(lefts, L::times(product_here, left));
      rights = L::plus(rights, L::times(product_here, right));
      L::store(sum(node.level, node.is_right, q),
               L::plus(L::times(factor_at(left_way, q), left),
                       L::times(factor_at(right_way, q), right)));
    }
    add(node, lefts, rights);
  }

  /// Half of all nodes are such. The leaves' values are the same at all points, so that they come
  /// before the sums.
  void leave_fork(const PathNode& node) const {
    if (node.above != 0) {
      leave<true, true>(node);
      return;
    }
    const double left = task_.values[node.left_value];
    const double right = task_.values[node.right_value];
    const Vector mean = L::splat(node.z_left * left + node.z_right * right);
    const Vector reached = L::select(lefts_[node.level], L::splat(left), L::splat(right));
    Vector products = L::splat(0);
    for (size_t q = 0; q < points_; ++q) {
      products = L::plus(products, L::load(product(node.level, q)));
      L::store(sum(node.level, node.is_right, q), L::plus(L::times(mean, L::splat(task_.u[q])),
                                                          L::times(reached, L::splat(task_.t[q]))));
    }
    add(node, L::times(L::splat(left), products), L::times(L::splat(right), products));
  }

  const PathTask& task_;
  size_t points_;
  Mask* lefts_;  // of the node at each level: which rows go left
  Mask* ways_;   // of the way to each level: which rows pass all its feature's nodes so far
  double* products_;
  double* sums_;
};
