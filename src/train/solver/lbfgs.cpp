#include "train/solver/lbfgs.h"

#include <algorithm>
#include <cmath>
#include <deque>
#include <limits>

namespace ringmaker::train {
namespace {

using Vector = std::vector<double>;

double dot(const Vector& a, const Vector& b) noexcept {
  double sum = 0;
  for (size_t i = 0; i < a.size(); ++i) {
    sum += a[i] * b[i];
  }
  return sum;
}

/// Of the fall that the slope promises, this much will do.
constexpr double kSufficient = 1e-4;

double sign(double value) noexcept { return value > 0 ? 1.0 : (value < 0 ? -1.0 : 0.0); }

struct Pair {
  Vector step;
  Vector change;  // of the gradient
  double curvature = 0;
};

class Minimiser {
 public:
  Minimiser(SmoothFunction& function, Vector& x, const LbfgsOptions& options)
      : function_(function), options_(options), x_(x), gradient_(x.size()) {}

  Minimum run(const std::function<bool(size_t, double)>& on_iteration) {
    double value = evaluate(x_, gradient_);
    double least = value;  // up and down in the noise is no progress
    size_t small_steps = 0;
    for (size_t iteration = 0;; ++iteration) {
      if (!on_iteration(iteration, value)) {
        return {.value = value};
      }
      const Vector steepest = pseudo_gradient();
      if (largest(steepest) < options_.gradient_tolerance ||
          small_steps >= patience_at(steepest, value)) {
        return {.value = value};
      }
      if (iteration >= options_.iterations_max) {
        return {.value = value, .at_limit = true};
      }
      if (!step(steepest, value)) {
        return {.value = value, .stalled = promised_ > noise_of(value)};
      }
      const bool small =
          least - value <= options_.value_tolerance * std::max(1e-12, std::abs(least));
      small_steps = small ? small_steps + 1 : 0;
      least = std::min(least, value);
    }
  }

 private:
  [[nodiscard]] bool penalised(size_t i) const noexcept {
    return options_.l1 > 0 && i < options_.l1_coordinates;
  }

  /// What curves at least so much lies at most |gradient|^2 / (2 curvature) above its minimum.
  [[nodiscard]] size_t patience_at(const Vector& steepest, double value) const noexcept {
    constexpr double kLeftMax = 1e-4;
    constexpr size_t kLonger = 10;
    const bool may_be_far =
        options_.curvature_least > 0 &&
        dot(steepest, steepest) > 2 * options_.curvature_least * kLeftMax * std::abs(value);
    return options_.patience * (may_be_far ? kLonger : 1);
  }

  double evaluate(const Vector& x, Vector& gradient) {
    double value = function_.evaluate(x, gradient);
    for (size_t i = 0; i < x.size() && penalised(i); ++i) {
      value += options_.l1 * std::abs(x[i]);
    }
    return value;
  }

  static double largest(const Vector& vector) noexcept {
    double value = 0;
    for (const double element : vector) {
      value = std::max(value, std::abs(element));
    }
    return value;
  }

  /// The gradient, where the L1 term has a kink the subgradient nearest to zero.
  [[nodiscard]] Vector pseudo_gradient() const {
    Vector result = gradient_;
    for (size_t i = 0; i < result.size() && penalised(i); ++i) {
      if (x_[i] != 0) {
        result[i] += options_.l1 * sign(x_[i]);
      } else if (result[i] > options_.l1) {
        result[i] -= options_.l1;
      } else if (result[i] < -options_.l1) {
        result[i] += options_.l1;
      } else {
        result[i] = 0;
      }
    }
    return result;
  }

  /// The two-loop recursion: minus the inverse Hessian, as far as it is known, times the gradient.
  [[nodiscard]] Vector direction(const Vector& steepest) const {
    Vector result(steepest.size());
    for (size_t i = 0; i < result.size(); ++i) {
      result[i] = -steepest[i];
    }
    std::vector<double> alpha(pairs_.size());
    for (size_t k = pairs_.size(); k-- > 0;) {
      alpha[k] = dot(pairs_[k].step, result) / pairs_[k].curvature;
      for (size_t i = 0; i < result.size(); ++i) {
        result[i] -= alpha[k] * pairs_[k].change[i];
      }
    }
    if (!pairs_.empty()) {
      const Pair& last = pairs_.back();
      const double scale = last.curvature / dot(last.change, last.change);
      for (double& element : result) {
        element *= scale;
      }
    }
    for (size_t k = 0; k < pairs_.size(); ++k) {
      const double beta = dot(pairs_[k].change, result) / pairs_[k].curvature;
      for (size_t i = 0; i < result.size(); ++i) {
        result[i] += (alpha[k] - beta) * pairs_[k].step[i];
      }
    }
    // OWL-QN lets every coordinate go with its own descent or not at all, which leaves little of a
    // direction along a narrow valley. Only at the kink does that matter: elsewhere a step that
    // would leave its orthant is cut short by move().
    for (size_t i = 0; i < result.size() && penalised(i); ++i) {
      if (x_[i] == 0 && result[i] * steepest[i] >= 0) {
        result[i] = 0;
      }
    }
    return result;
  }

  [[nodiscard]] double noise_of(double value) const noexcept {
    return std::max(options_.value_noise, std::numeric_limits<double>::epsilon()) * std::abs(value);
  }

  /// One step down. What is remembered may mislead, so that it is dropped before all is given up.
  /// False when the way of steepest descent does not lead down either.
  bool step(const Vector& steepest, double& value) {
    Vector along = direction(steepest);
    promised_ = -dot(along, steepest) / 2;
    if (promised_ > 0 && search(along, steepest, value)) {
      return true;
    }
    if (!pairs_.empty()) {
      pairs_.clear();
      along = direction(steepest);
      if (search(along, steepest, value)) {
        return true;
      }
    }
    // The function was last evaluated elsewhere; what the caller reads from it must be of x.
    (void)evaluate(x_, gradient_);
    return false;
  }

  /// Backtracks along the direction until the value falls enough. False when it does not.
  bool search(const Vector& along, const Vector& steepest, double& value) {
    const double slope = dot(along, steepest);
    if (!(slope < 0)) {
      return false;
    }
    double length = pairs_.empty() ? 1.0 / std::max(1.0, std::sqrt(dot(steepest, steepest))) : 1.0;
    Vector x(x_.size());
    Vector gradient(x_.size());
    constexpr int kTriesMax = 40;
    for (int attempt = 0; attempt < kTriesMax; ++attempt) {
      const bool smooth = move(along, steepest, length, x);
      const double reached = evaluate(x, gradient);
      const bool falls = reached <= value + kSufficient * length * slope;
      if (std::isfinite(reached) &&
          (falls || (smooth && levels_off(value, reached, slope, slope_at(x, gradient, along))))) {
        remember(x, gradient);
        x_ = x;
        gradient_ = gradient;
        value = reached;
        return true;
      }
      length *= 0.5;
    }
    return false;
  }

  /// The approximate Wolfe conditions, for values that differ by no more than their noise: the
  /// slope along the way, which meets no kink, has become flatter, as much as sufficient descent
  /// would have made it.
  [[nodiscard]] bool levels_off(double value, double reached, double slope,
                                double slope_there) const noexcept {
    constexpr double kFlatter = 0.9;
    return reached <= value + options_.value_noise * std::abs(value) &&
           slope_there >= kFlatter * slope && slope_there <= (2 * kSufficient - 1) * slope;
  }

  /// Of the whole function, where x has met no kink on its way.
  [[nodiscard]] double slope_at(const Vector& x, const Vector& gradient,
                                const Vector& along) const noexcept {
    double slope = dot(along, gradient);
    for (size_t i = 0; i < x.size() && penalised(i); ++i) {
      slope += options_.l1 * sign(x[i]) * along[i];
    }
    return slope;
  }

  /// False when the way meets a kink, where a step ends for that coordinate.
  [[nodiscard]] bool move(const Vector& along, const Vector& steepest, double length,
                          Vector& x) const {
    bool smooth = true;
    for (size_t i = 0; i < x.size(); ++i) {
      x[i] = x_[i] + length * along[i];
      if (penalised(i)) {
        // A step does not leave its orthant.
        const double orthant = x_[i] != 0 ? sign(x_[i]) : -sign(steepest[i]);
        if (x[i] * orthant < 0) {
          x[i] = 0;
          smooth = false;
        }
      }
    }
    return smooth;
  }

  void remember(const Vector& x, const Vector& gradient) {
    Pair pair;
    pair.step.resize(x.size());
    pair.change.resize(x.size());
    for (size_t i = 0; i < x.size(); ++i) {
      pair.step[i] = x[i] - x_[i];
      pair.change[i] = gradient[i] - gradient_[i];
    }
    pair.curvature = dot(pair.step, pair.change);
    if (pair.curvature <= 1e-12 * dot(pair.change, pair.change)) {
      return;
    }
    if (pairs_.size() == options_.history) {
      pairs_.pop_front();
    }
    pairs_.push_back(std::move(pair));
  }

  SmoothFunction& function_;
  const LbfgsOptions& options_;
  Vector& x_;
  Vector gradient_;
  std::deque<Pair> pairs_;
  double promised_ = 0;  // how far a bowl as it is remembered would fall in the step begun last
};

}  // namespace

Minimum minimise(SmoothFunction& function, std::vector<double>& x, const LbfgsOptions& options,
                 const std::function<bool(size_t, double)>& on_iteration) {
  return Minimiser(function, x, options).run(on_iteration);
}

}  // namespace ringmaker::train
