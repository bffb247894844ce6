#include "model/tree/path_kernels.h"

#include <cstring>

namespace ringmaker::model {
#if defined(__x86_64__)
namespace path_avx2 {
extern const PathKernels kKernels;
}
namespace path_avx512 {
extern const PathKernels kKernels;
}
#endif

namespace {

// NOLINTNEXTLINE(bugprone-suspicious-include): a body compiled once for every instruction set.
#include "model/tree/path_kernels-inl.h"

/// Four pairs in the compiler's own vectors: SSE on x86, NEON on ARM. Members, not an array, which
/// GCC would keep in memory.
struct Eight {
  using Pair = double __attribute__((vector_size(16)));
  using Bits = int64_t __attribute__((vector_size(16)));

  struct Vector {
    Pair a;
    Pair b;
    Pair c;
    Pair d;
  };
  struct Mask {
    Bits a;
    Bits b;
    Bits c;
    Bits d;
  };

  static Vector load(const double* from) {
    Vector vector;
    std::memcpy(&vector.a, from, sizeof(Pair));
    std::memcpy(&vector.b, from + 2, sizeof(Pair));
    std::memcpy(&vector.c, from + 4, sizeof(Pair));
    std::memcpy(&vector.d, from + 6, sizeof(Pair));
    return vector;
  }
  static void store(double* to, const Vector& vector) {
    std::memcpy(to, &vector.a, sizeof(Pair));
    std::memcpy(to + 2, &vector.b, sizeof(Pair));
    std::memcpy(to + 4, &vector.c, sizeof(Pair));
    std::memcpy(to + 6, &vector.d, sizeof(Pair));
  }
  static Vector splat(double value) {
    const Pair pair{value, value};
    return {pair, pair, pair, pair};
  }
  static Vector times(const Vector& x, const Vector& y) {
    return {x.a * y.a, x.b * y.b, x.c * y.c, x.d * y.d};
  }
  static Vector plus(const Vector& x, const Vector& y) {
    return {x.a + y.a, x.b + y.b, x.c + y.c, x.d + y.d};
  }
  static Vector minus(const Vector& x, const Vector& y) {
    return {x.a - y.a, x.b - y.b, x.c - y.c, x.d - y.d};
  }
  static Pair kept(Bits mask, Pair x) {
    return reinterpret_cast<Pair>(reinterpret_cast<Bits>(x) & mask);
  }
  static Vector kept(const Mask& mask, const Vector& x) {
    return {kept(mask.a, x.a), kept(mask.b, x.b), kept(mask.c, x.c), kept(mask.d, x.d)};
  }
  static Pair select(Bits mask, Pair x, Pair y) {
    return reinterpret_cast<Pair>((reinterpret_cast<Bits>(x) & mask) |
                                  (reinterpret_cast<Bits>(y) & ~mask));
  }
  static Vector select(const Mask& mask, const Vector& x, const Vector& y) {
    return {select(mask.a, x.a, y.a), select(mask.b, x.b, y.b), select(mask.c, x.c, y.c),
            select(mask.d, x.d, y.d)};
  }
  static Vector plus_where(const Mask& mask, const Vector& x, const Vector& y) {
    return select(mask, plus(x, y), x);
  }
  static Mask all() {
    const Bits ones = ~Bits{};
    return {ones, ones, ones, ones};
  }
  static Mask both(const Mask& x, const Mask& y) {
    return {x.a & y.a, x.b & y.b, x.c & y.c, x.d & y.d};
  }
  static Mask first_only(const Mask& x, const Mask& y) {
    return {x.a & ~y.a, x.b & ~y.b, x.c & ~y.c, x.d & ~y.d};
  }
  static Bits right_of_pair(const float* values, float cut, bool nan_right) {
    const Pair x{static_cast<double>(values[0]), static_cast<double>(values[1])};
    Bits right = x >= (Pair{} + static_cast<double>(cut));
    if (nan_right) {
      right |= x != x;  // NOLINT(misc-redundant-expression): NaN is not itself.
    }
    return right;
  }
  static Mask right(const float* values, float cut, bool nan_right) {
    return {right_of_pair(values, cut, nan_right), right_of_pair(values + 2, cut, nan_right),
            right_of_pair(values + 4, cut, nan_right), right_of_pair(values + 6, cut, nan_right)};
  }
};

void explain(const PathTask& task) { PathWalk<Eight>(task).run(); }

constexpr PathKernels kPortable{explain};

}  // namespace

const PathKernels& path_kernels(base::InstructionSet set) noexcept {
#if defined(__x86_64__)
  if (set == base::InstructionSet::kAvx512) {
    return path_avx512::kKernels;
  }
  if (set == base::InstructionSet::kAvx2) {
    return path_avx2::kKernels;
  }
#endif
  static_cast<void>(set);
  return kPortable;
}

}  // namespace ringmaker::model
