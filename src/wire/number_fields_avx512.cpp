// Eight fields at once.
//
// Each field is loaded as the 16 bytes that end where it ends, so that all numbers are aligned at
// their last digit, four fields to a 512-bit register (even fields in one, odd fields in the
// other). Masks of 16 bits a field say which bytes belong to it, are its point or its minus. Bytes
// left of the point move one place to the right, over it; then three multiply-add steps join
// neighbouring digits to pairs, fours and eights, and one to sixteen. A division by a power of ten
// puts the point back: digits and power are exact doubles, so the quotient is rounded once, and
// once more to float, which is right unless the double is a tie between floats.
#include <immintrin.h>

#include <cstddef>
#include <cstdint>

namespace ringmaker::wire::avx512 {
namespace {

/// 16 bytes of eight fields: fields 0 2 4 6 and fields 1 3 5 7.
struct Lanes {
  __m512i even;
  __m512i odd;
};

/// 16 bits a field, in field order.
inline __m128i join_masks(__mmask64 even, __mmask64 odd) {
  const __m128i order = _mm_setr_epi8(0, 1, 8, 9, 2, 3, 10, 11, 4, 5, 12, 13, 6, 7, 14, 15);
  const __m128i both = _mm_set_epi64x(static_cast<long long>(odd), static_cast<long long>(even));
  return _mm_shuffle_epi8(both, order);
}

struct LaneMasks {
  __mmask64 even;
  __mmask64 odd;
};

inline LaneMasks split_masks(__m128i fields) {
  const __m128i order = _mm_setr_epi8(0, 1, 4, 5, 8, 9, 12, 13, 2, 3, 6, 7, 10, 11, 14, 15);
  const __m128i split = _mm_shuffle_epi8(fields, order);
  return {static_cast<__mmask64>(_mm_cvtsi128_si64(split)),
          static_cast<__mmask64>(_mm_extract_epi64(split, 1))};
}

inline __m512i four_lanes(__m128i a, __m128i b, __m128i c, __m128i d) {
  const __m256i low = _mm256_inserti128_si256(_mm256_castsi128_si256(a), b, 1);
  const __m256i high = _mm256_inserti128_si256(_mm256_castsi128_si256(c), d, 1);
  return _mm512_inserti64x4(_mm512_castsi256_si512(low), high, 1);
}

inline Lanes load(const char* text, const uint32_t* ends) {
  const auto field = [&](size_t k) {
    return _mm_loadu_si128(reinterpret_cast<const __m128i*>(text + ends[k] - 16));
  };
  return {four_lanes(field(0), field(2), field(4), field(6)),
          four_lanes(field(1), field(3), field(5), field(7))};
}

/// For fields that end within the first 16 bytes of the text: bytes before the field, which may
/// not be ours to read, are masked out, and a masked byte is never touched.
inline Lanes load_near_start(const char* text, const uint32_t* ends, __m128i inside) {
  alignas(16) uint16_t masks[8];
  _mm_store_si128(reinterpret_cast<__m128i*>(masks), inside);
  const auto field = [&](size_t k) { return _mm_maskz_loadu_epi8(masks[k], text + ends[k] - 16); };
  return {four_lanes(field(0), field(2), field(4), field(6)),
          four_lanes(field(1), field(3), field(5), field(7))};
}

/// Sixteen digits a lane, as bytes, to one 64-bit integer a field, in field order.
inline __m512i join_digits(Lanes digits) {
  const __m512i tens = _mm512_set1_epi16(0x010A);               // 10, 1
  const __m512i hundreds = _mm512_set1_epi32(0x00010064);       // 100, 1
  const __m512i ten_thousands = _mm512_set1_epi32(0x00012710);  // 10000, 1
  const __m512i even = _mm512_madd_epi16(_mm512_maddubs_epi16(digits.even, tens), hundreds);
  const __m512i odd = _mm512_madd_epi16(_mm512_maddubs_epi16(digits.odd, tens), hundreds);
  // Packing interleaves even and odd lanes, which restores the field order. Each 64-bit lane then
  // holds the first eight digits low and the last eight high.
  const __m512i eights = _mm512_madd_epi16(_mm512_packus_epi32(even, odd), ten_thousands);
  const __m512i first = _mm512_mul_epu32(eights, _mm512_set1_epi64(100'000'000));
  return _mm512_add_epi64(first, _mm512_srli_epi64(eights, 32));
}

/// Bytes up to and with the point: each takes the value of its left neighbour.
inline Lanes close_gaps(Lanes digits, __m128i up_to_point) {
  const LaneMasks moved = split_masks(up_to_point);
  return {_mm512_mask_blend_epi8(moved.even, digits.even, _mm512_bslli_epi128(digits.even, 1)),
          _mm512_mask_blend_epi8(moved.odd, digits.odd, _mm512_bslli_epi128(digits.odd, 1))};
}

inline __m512d powers_of_ten(__m512i exponents) {
  const __m512d low = _mm512_setr_pd(1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7);
  const __m512d high = _mm512_setr_pd(1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15);
  return _mm512_permutex2var_pd(low, exponents, high);  // looks at the lowest four bits
}

/// Eight fields with the given begins (minus one) and ends. Returns which were not parsed.
inline __mmask8 parse_eight(const char* text, __m256i before, const uint32_t* ends, float* out) {
  const __m256i end = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(ends));
  const __m256i length = _mm256_sub_epi32(_mm256_sub_epi32(end, before), _mm256_set1_epi32(1));
  __mmask8 left = _mm256_cmpgt_epu32_mask(length, _mm256_set1_epi32(16));
  const __m128i short_length =
      _mm256_cvtusepi32_epi16(_mm256_min_epu32(length, _mm256_set1_epi32(16)));
  const __m128i inside =
      _mm_sllv_epi16(_mm_set1_epi16(-1), _mm_sub_epi16(_mm_set1_epi16(16), short_length));

  const bool near_start = _mm256_cmplt_epu32_mask(end, _mm256_set1_epi32(16)) != 0;
  const Lanes bytes = near_start ? load_near_start(text, ends, inside) : load(text, ends);
  const LaneMasks in = split_masks(inside);
  const __m512i point = _mm512_set1_epi8('.');
  const __m512i minus = _mm512_set1_epi8('-');
  const __m512i zero = _mm512_set1_epi8('0');
  const __m512i nine = _mm512_set1_epi8(9);
  const __mmask64 points_even = _mm512_mask_cmpeq_epi8_mask(in.even, bytes.even, point);
  const __mmask64 points_odd = _mm512_mask_cmpeq_epi8_mask(in.odd, bytes.odd, point);
  const __mmask64 minus_even = _mm512_mask_cmpeq_epi8_mask(in.even, bytes.even, minus);
  const __mmask64 minus_odd = _mm512_mask_cmpeq_epi8_mask(in.odd, bytes.odd, minus);
  const __mmask64 digits_even = in.even & ~(points_even | minus_even);
  const __mmask64 digits_odd = in.odd & ~(points_odd | minus_odd);
  const Lanes digits = {_mm512_maskz_sub_epi8(digits_even, bytes.even, zero),
                        _mm512_maskz_sub_epi8(digits_odd, bytes.odd, zero)};

  const __m128i one = _mm_set1_epi16(1);
  const __m128i points = join_masks(points_even, points_odd);
  const __m128i minuses = join_masks(minus_even, minus_odd);
  const __m128i letters = join_masks(_mm512_cmpgt_epu8_mask(digits.even, nine),
                                     _mm512_cmpgt_epu8_mask(digits.odd, nine));
  const __m128i first = _mm_and_si128(inside, _mm_sub_epi16(_mm_setzero_si128(), inside));
  const __m128i stray_minus = _mm_andnot_si128(first, minuses);
  const __m128i second_point = _mm_and_si128(points, _mm_sub_epi16(points, one));
  const __m128i odd_text = _mm_or_si128(_mm_or_si128(letters, stray_minus), second_point);
  const __m128i digit_masks = join_masks(digits_even, digits_odd);
  left |= static_cast<__mmask8>(_mm_test_epi16_mask(odd_text, odd_text) |
                                _mm_testn_epi16_mask(digit_masks, digit_masks));

  const __mmask8 pointed = _mm_test_epi16_mask(points, points);
  const __m128i up_to_point = _mm_maskz_sub_epi16(pointed, _mm_add_epi16(points, points), one);
  const __m512i number = join_digits(close_gaps(digits, up_to_point));
  // Digits right of the point: its bit counted from the top; 16, which is 0 modulo 16, without one.
  const __m256i zeroes_above = _mm256_lzcnt_epi32(_mm256_cvtepu16_epi32(points));
  const __m512i exponents = _mm512_cvtepu32_epi64(zeroes_above);
  const __m512d value = _mm512_div_pd(_mm512_cvtepu64_pd(number), powers_of_ten(exponents));

  const __m512i below_float =
      _mm512_and_si512(_mm512_castpd_si512(value), _mm512_set1_epi64(0x1fffffff));
  left |= _mm512_cmpeq_epi64_mask(below_float, _mm512_set1_epi64(0x10000000));
  const __mmask8 negative = _mm_test_epi16_mask(minuses, minuses);
  const __m256i magnitude = _mm256_castps_si256(_mm512_cvtpd_ps(value));
  const __m256i sign = _mm256_set1_epi32(static_cast<int>(0x80000000U));
  const __m256i result = _mm256_mask_xor_epi32(magnitude, negative, magnitude, sign);
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(out), result);
  return left;
}

}  // namespace

uint64_t parse_fields(const char* text, const uint32_t* marks, size_t count, float* out) noexcept {
  uint64_t left = 0;
  size_t k = 0;
  for (; k + 8 <= count; k += 8) {
    const __m256i before = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(marks + k));
    left |= static_cast<uint64_t>(parse_eight(text, before, marks + k + 1, out + k)) << k;
  }
  if (k == count) {
    return left;
  }
  // The last few: the lanes left over repeat the first of them.
  const auto lanes = static_cast<__mmask8>((1U << (count - k)) - 1);
  const auto first_before = _mm256_set1_epi32(static_cast<int>(marks[k]));
  const auto first_end = _mm256_set1_epi32(static_cast<int>(marks[k + 1]));
  alignas(32) uint32_t ends[8];
  alignas(32) float values[8];
  _mm256_store_si256(reinterpret_cast<__m256i*>(ends),
                     _mm256_mask_loadu_epi32(first_end, lanes, marks + k + 1));
  const __m256i before = _mm256_mask_loadu_epi32(first_before, lanes, marks + k);
  const auto some_left = static_cast<uint64_t>(parse_eight(text, before, ends, values) & lanes);
  _mm256_mask_storeu_ps(out + k, lanes, _mm256_load_ps(values));
  return left | some_left << k;
}

}  // namespace ringmaker::wire::avx512
