#include "codec/npy/npy_value.h"

#include "tests/codec/npy/npy_payload.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <optional>

namespace ringmaker::codec {
namespace {

template <class T>
std::optional<uint64_t> index_of(NpyHeader::Kind kind, T value, bool big_endian = false) {
  const NpyHeader header{.kind = kind, .item_bytes = sizeof(T), .big_endian = big_endian};
  return npy_index(header, bytes_of<T>({value}, big_endian).data());
}

TEST(NpyValue, IndicesAreIntegersThatAreNotNegative) {
  using Kind = NpyHeader::Kind;
  for (const bool big : {false, true}) {
    EXPECT_EQ(index_of<int32_t>(Kind::kSigned, 70'000, big), 70'000U);
    EXPECT_EQ(index_of<int32_t>(Kind::kSigned, -1, big), std::nullopt);
    EXPECT_EQ(index_of<int64_t>(Kind::kSigned, int64_t{1} << 40, big), uint64_t{1} << 40);
    EXPECT_EQ(index_of<int64_t>(Kind::kSigned, INT64_MIN, big), std::nullopt);
    EXPECT_EQ(index_of<uint64_t>(Kind::kUnsigned, UINT64_MAX, big), UINT64_MAX);
  }
  EXPECT_EQ(index_of<int8_t>(Kind::kSigned, -128), std::nullopt);
  EXPECT_EQ(index_of<uint8_t>(Kind::kUnsigned, 200), 200U);
  EXPECT_EQ(index_of<float>(Kind::kFloat, 1), std::nullopt);
  EXPECT_EQ(index_of<uint8_t>(Kind::kBool, 1), std::nullopt);
}

TEST(NpyValue, ADoubleBeyondAllFloatsIsAnOverflowAndInfinityIsNone) {
  const NpyHeader header{.kind = NpyHeader::Kind::kFloat, .item_bytes = 8};
  const auto overflows = [&](double value) {
    const std::string item = bytes_of<double>({value});
    return is_npy_overflow(header, item.data(), npy_float(header, item.data()));
  };
  EXPECT_TRUE(overflows(1e300));
  EXPECT_TRUE(overflows(-1e39));
  EXPECT_FALSE(overflows(std::numeric_limits<double>::infinity()));
  EXPECT_FALSE(overflows(3e38));
}

}  // namespace
}  // namespace ringmaker::codec
