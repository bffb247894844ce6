// Elementary functions of vectors of floats, for each instruction set's file to compile for itself:
// included inside that file's own unnamed namespace, after Floats, Integers and multiply_add(), so
// that nothing is shared. activation.h states their errors.
//
// All of them rest on exp(x) - 1 = (2^n - 1) + 2^n (e^r - 1) with n = round(x / ln 2) and
// |r| <= ln 2 / 2. n is found by adding 1.5 * 2^23, which leaves it in the low bits of the sum, and
// r by taking n * ln 2 away in two parts, the first with so few digits that its product is exact.
// The polynomials are fits of our own, least in their largest relative error.

/// Subtracting zeros leaves every float as it is, and the compiler knows.
inline Floats all(float value) { return value - Floats{}; }

inline Floats select(Integers mask, Floats yes, Floats no) { return mask ? yes : no; }

inline Floats bits_to_floats(Integers bits) {
  Floats value;
  __builtin_memcpy(&value, &bits, sizeof value);
  return value;
}

inline Integers floats_to_bits(Floats value) {
  Integers bits;
  __builtin_memcpy(&bits, &value, sizeof bits);
  return bits;
}

inline Floats magnitude(Floats x) { return bits_to_floats(floats_to_bits(x) & 0x7fffffff); }

/// `value` with the sign of `sign`; value >= 0 or NaN.
inline Floats signed_as(Floats value, Floats sign) {
  return bits_to_floats(floats_to_bits(value) | (floats_to_bits(sign) & ~0x7fffffff));
}

inline Floats at_most(Floats x, Floats high) { return select(x > high, high, x); }
inline Floats at_least(Floats x, Floats low) { return select(x < low, low, x); }

/// e^r - 1 of a reduced argument, and n.
struct Reduced {
  Floats minus_one;
  Integers n;
};

/// Of |x| < 2^20.
inline Reduced reduce(Floats x) {
  constexpr float kShift = 12582912.0F;
  const Floats shifted = multiply_add(x, all(1.44269504F), all(kShift));
  const Floats n = shifted - kShift;
  Floats r = multiply_add(n, all(-0.693359375F), x);
  r = multiply_add(n, all(2.12194440e-4F), r);
  Floats p = all(1.991421e-4F);
  p = multiply_add(p, r, all(1.3941036e-3F));
  p = multiply_add(p, r, all(8.333273e-3F));
  p = multiply_add(p, r, all(4.1666355e-2F));
  p = multiply_add(p, r, all(0.16666667F));
  p = multiply_add(p, r, all(0.5F));
  return {multiply_add(p, r * r, r), floats_to_bits(shifted) - floats_to_bits(all(kShift))};
}

/// 2^n of -126 <= n <= 127.
inline Floats power_of_two(Integers n) { return bits_to_floats((n + 127) << 23); }

inline Floats exponential(Floats x) {
  // Beyond these the result is 0 or infinity anyway.
  const Reduced reduced = reduce(at_least(at_most(x, all(89.0F)), all(-104.5F)));
  // In two halves, so that neither of them leaves the ordinary floats where the product does.
  const Integers half = reduced.n >> 1;
  return ((reduced.minus_one + 1.0F) * power_of_two(half)) * power_of_two(reduced.n - half);
}

/// exp(x) - 1 of x <= 0 that has not more than 126 halvings; -1 + 2^-126 is -1.
inline Floats exponential_minus_one(Floats x) {
  const Reduced reduced = reduce(at_least(x, all(-87.0F)));
  const Floats scale = power_of_two(reduced.n);
  return multiply_add(scale, reduced.minus_one, scale - 1.0F);
}

inline Floats logistic(Floats x) {
  // e^-|x| does not overflow, and of the two quotients one has all its digits.
  const Floats e = exponential(-magnitude(x));
  return select(x < all(0.0F), e, all(1.0F)) / (e + 1.0F);
}

inline Floats hyperbolic_tangent(Floats x) {
  const Floats t = exponential_minus_one(magnitude(x) * -2.0F);
  return signed_as(magnitude(-t / (t + 2.0F)), x);
}

inline Floats error_function(Floats x) {
  // Up to 1: x + x * q(x^2). Beyond: 1 - e^-g(|x|), and 1 from 3.93 on.
  const Floats a = magnitude(x);
  const Floats square = x * x;
  Floats q = all(7.853894e-5F);
  q = multiply_add(q, square, all(-8.0102053e-4F));
  q = multiply_add(q, square, all(5.188329e-3F));
  q = multiply_add(q, square, all(-2.6853813e-2F));
  q = multiply_add(q, square, all(0.112835854F));
  q = multiply_add(q, square, all(-0.37612626F));
  q = multiply_add(q, square, all(0.12837917F));
  const Floats near = multiply_add(q, x, x);
  const Floats b = at_most(a, all(3.93F));
  Floats g = all(-1.8557426e-4F);
  g = multiply_add(g, b, all(2.9396098e-3F));
  g = multiply_add(g, b, all(-2.180533e-2F));
  g = multiply_add(g, b, all(0.103037395F));
  g = multiply_add(g, b, all(0.6382257F));
  g = multiply_add(g, b, all(1.12704F));
  g = multiply_add(g, b, all(3.5371538e-4F));
  const Floats far = signed_as(1.0F - exponential(-g), x);
  return select(a > all(1.0F), far, near);
}
