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

/// The compiler's own vectors, which it cuts to what there is: SSE on x86, NEON on ARM.
struct Eight {
  using Doubles = double __attribute__((vector_size(64)));
  using Bits = int64_t __attribute__((vector_size(64)));
  using Floats = float __attribute__((vector_size(32)));

  // In structs, since how bare ones are passed depends on the instruction set.
  struct Vector {
    Doubles doubles;
  };
  struct Mask {
    Bits bits;
  };

  static Vector load(const double* from) {
    Vector vector;
    std::memcpy(&vector, from, sizeof(vector));
    return vector;
  }
  static void store(double* to, const Vector& vector) { std::memcpy(to, &vector, sizeof(vector)); }
  static Vector splat(double value) { return {Doubles{} + value}; }
  static Vector times(const Vector& a, const Vector& b) { return {a.doubles * b.doubles}; }
  static Vector plus(const Vector& a, const Vector& b) { return {a.doubles + b.doubles}; }
  static Vector minus(const Vector& a, const Vector& b) { return {a.doubles - b.doubles}; }
  static Vector kept(const Mask& mask, const Vector& a) {
    return {reinterpret_cast<Doubles>(reinterpret_cast<Bits>(a.doubles) & mask.bits)};
  }
  static Vector select(const Mask& mask, const Vector& a, const Vector& b) {
    return {reinterpret_cast<Doubles>((reinterpret_cast<Bits>(a.doubles) & mask.bits) |
                                      (reinterpret_cast<Bits>(b.doubles) & ~mask.bits))};
  }
  static Vector plus_where(const Mask& mask, const Vector& a, const Vector& b) {
    return select(mask, plus(a, b), a);
  }
  static Mask all() { return {~Bits{}}; }
  static Mask both(const Mask& a, const Mask& b) { return {a.bits & b.bits}; }
  static Mask first_only(const Mask& a, const Mask& b) { return {a.bits & ~b.bits}; }
  static Mask right(const float* values, float cut, bool nan_right) {
    Floats x;
    std::memcpy(&x, values, sizeof(x));
    auto right = x >= (Floats{} + cut);
    if (nan_right) {
      right |= x != x;  // NOLINT(misc-redundant-expression): NaN is not itself.
    }
    return {__builtin_convertvector(right, Bits)};
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
