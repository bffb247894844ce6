// Exponential and logistic functions as plain loops, which each instruction set's file compiles
// for itself: included inside that file's own unnamed namespace, so that nothing is shared.
//
// exp(x) = 2^n * e^r with n = round(x / ln 2) and |r| <= ln 2 / 2. The work is done in double with
// a polynomial of degree 7 (relative error 6e-9), so that the float it is rounded to lies within
// 0.6 ulp of the truth. n is taken by adding 1.5 * 2^52, which leaves it in the low bits of the
// sum. Sums and products are written apart and compiled without contraction: all sets agree to the
// bit.

static inline double exponential_of(double x) {
  // Beyond these the float result is 0 or infinity anyway, and 2^n stays an ordinary double.
  x = x > 700.0 ? 700.0 : x;
  x = x < -700.0 ? -700.0 : x;
  const double shifted = x * 1.4426950408889634 + 6755399441055744.0;
  const double n = shifted - 6755399441055744.0;
  const double r = (x - n * 0.6931471803691238) - n * 1.9082149292705877e-10;
  const double r2 = r * r;
  const double low = (1.0 + r) + r2 * (0.5 + r * (1.0 / 6));
  const double high = (1.0 / 24 + r * (1.0 / 120)) + r2 * (1.0 / 720 + r * (1.0 / 5040));
  const double e_r = low + (r2 * r2) * high;
  long long bits = 0;
  __builtin_memcpy(&bits, &shifted, sizeof bits);
  // The low bits of `shifted` hold n; moved into the exponent field they make 2^n.
  const unsigned long long power = (static_cast<unsigned long long>(bits) + 1023ULL) << 52;
  double scale = 0;
  __builtin_memcpy(&scale, &power, sizeof scale);
  return e_r * scale;
}

static void exponential_loop(float* values, unsigned long count) {
  for (unsigned long i = 0; i < count; ++i) {
    values[i] = static_cast<float>(exponential_of(static_cast<double>(values[i])));
  }
}

static void logistic_loop(float* values, unsigned long count) {
  for (unsigned long i = 0; i < count; ++i) {
    const double e = exponential_of(-static_cast<double>(values[i]));
    values[i] = static_cast<float>(1.0 / (1.0 + e));
  }
}
