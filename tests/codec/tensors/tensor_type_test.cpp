#include "codec/tensors/tensor_type.h"

#include "wire/little_endian.h"

#include <gtest/gtest.h>

#include <array>

namespace ringmaker::codec {
namespace {

template <class T>
double loaded(TensorType type, T value) {
  std::array<char, sizeof(T)> bytes{};
  wire::store_little_endian(bytes.data(), value);
  EXPECT_EQ(bytes_of(type), sizeof(T));
  return load_tensor_value(type, bytes.data());
}

TEST(TensorType, NamesReadBack) {
  for (size_t i = 0; i < kTensorTypes; ++i) {
    const auto type = static_cast<TensorType>(i);
    EXPECT_EQ(find_tensor_type(name(type)), type);
  }
  EXPECT_EQ(find_tensor_type("STRING"), std::nullopt);
  EXPECT_EQ(find_tensor_type("fp32"), std::nullopt);
}

TEST(TensorType, IntegersHoldWholeNumbersOfTheirRange) {
  EXPECT_TRUE(holds(TensorType::kInt8, -128));
  EXPECT_FALSE(holds(TensorType::kInt8, 128));
  EXPECT_FALSE(holds(TensorType::kUint64, -1));
  EXPECT_FALSE(holds(TensorType::kUint64, 0x1p64));
  EXPECT_TRUE(holds(TensorType::kInt64, -0x1p63));
  EXPECT_FALSE(holds(TensorType::kInt32, 0.5));
  EXPECT_TRUE(holds(TensorType::kFp32, 0.5));
  EXPECT_TRUE(holds(TensorType::kFp16, 0.5) && holds(TensorType::kBf16, 0.5));
  EXPECT_FALSE(holds(TensorType::kBool, 2));
  EXPECT_FALSE(holds(TensorType::kBytes, 0)) << "texts are no numbers";
}

TEST(TensorType, ValuesAreLoadedFromLittleEndianBytes) {
  EXPECT_EQ(loaded<uint8_t>(TensorType::kBool, 1), 1);
  EXPECT_EQ(loaded<uint8_t>(TensorType::kUint8, 200), 200);
  EXPECT_EQ(loaded<uint16_t>(TensorType::kUint16, 65'000), 65'000);
  EXPECT_EQ(loaded<uint32_t>(TensorType::kUint32, 4'000'000'000), 4e9);
  EXPECT_EQ(loaded<uint64_t>(TensorType::kUint64, uint64_t{1} << 63), 0x1p63);
  EXPECT_EQ(loaded<int8_t>(TensorType::kInt8, -2), -2);
  EXPECT_EQ(loaded<int16_t>(TensorType::kInt16, -300), -300);
  EXPECT_EQ(loaded<int32_t>(TensorType::kInt32, -70'000), -70'000);
  EXPECT_EQ(loaded<int64_t>(TensorType::kInt64, -5), -5);
  EXPECT_EQ(loaded<uint16_t>(TensorType::kFp16, 0xc100), -2.5);
  EXPECT_EQ(loaded<uint16_t>(TensorType::kBf16, 0xc020), -2.5);
  EXPECT_EQ(loaded<float>(TensorType::kFp32, 0.5F), 0.5);
  EXPECT_EQ(loaded<double>(TensorType::kFp64, 1e300), 1e300);
}

}  // namespace
}  // namespace ringmaker::codec
