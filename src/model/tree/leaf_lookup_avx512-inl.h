// Leaf values by their numbers, 16 at a time, tables of up to 64 of them in registers: included
// inside the unnamed namespace of an AVX-512 file, so that no inline code is shared.

/// `numbers` are below 16, 32 or 64 as `stride` says, or anything where it is larger.
[[gnu::always_inline]] inline __m512 leaves_of(__m512i numbers, const float* values,
                                               uint32_t stride) {
  if (stride == 16) {
    return _mm512_permutexvar_ps(numbers, _mm512_loadu_ps(values));
  }
  if (stride == 32) {
    return _mm512_permutex2var_ps(_mm512_loadu_ps(values), numbers, _mm512_loadu_ps(values + 16));
  }
  if (stride == 64) {
    const __m512 low =
        _mm512_permutex2var_ps(_mm512_loadu_ps(values), numbers, _mm512_loadu_ps(values + 16));
    const __m512 high =
        _mm512_permutex2var_ps(_mm512_loadu_ps(values + 32), numbers, _mm512_loadu_ps(values + 48));
    const __mmask16 upper = _mm512_test_epi32_mask(numbers, _mm512_set1_epi32(32));
    return _mm512_mask_blend_ps(upper, low, high);
  }
  return _mm512_i32gather_ps(numbers, values, 4);
}

/// sums[i] += the value that numbers[i] names, i from 0 to 15.
[[gnu::always_inline]] inline void add_numbered(__m512i numbers, const float* values,
                                                uint32_t stride, float* sums) {
  const __m512 leaves = leaves_of(numbers, values, stride);
  _mm512_storeu_ps(sums, _mm512_add_ps(_mm512_loadu_ps(sums), leaves));
}

[[gnu::always_inline]] inline void add_numbered(__m512i numbers, const double* values,
                                                uint32_t /*stride*/, double* sums) {
  const __m512d low = _mm512_i32gather_pd(_mm512_castsi512_si256(numbers), values, 8);
  const __m512d high = _mm512_i32gather_pd(_mm512_extracti64x4_epi64(numbers, 1), values, 8);
  _mm512_storeu_pd(sums, _mm512_add_pd(_mm512_loadu_pd(sums), low));
  _mm512_storeu_pd(sums + 8, _mm512_add_pd(_mm512_loadu_pd(sums + 8), high));
}
