// Selected outputs as an array.
#include "codec/selected/selected_npy_encoder.h"

#include "tests/codec/selected/selected_rows.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>

namespace ringmaker::codec {
namespace {

TEST(SelectedNpyEncoder, ArraysHaveAColumnANumber) {
  const auto values = [](const std::string& npy, size_t count) {
    std::vector<float> numbers(count);
    std::memcpy(numbers.data(), npy.data() + npy.size() - count * sizeof(float),
                count * sizeof(float));
    return numbers;
  };
  const std::string matrix =
      encoded(Format::kNpy, kBinary, "predicted_label,probabilities", kTwoBinary);
  EXPECT_THAT(matrix, testing::HasSubstr("'shape': (2, 3)"));
  EXPECT_THAT(values(matrix, 6), testing::ElementsAre(1, 0.25F, 0.75F, 0, 0.75F, 0.25F));
  const std::string vector = encoded(Format::kNpy, kBinary, "probability", kTwoBinary);
  EXPECT_THAT(vector, testing::HasSubstr("'shape': (2,)"));
  EXPECT_THAT(values(vector, 2), testing::ElementsAre(0.75F, 0.25F));
}

}  // namespace
}  // namespace ringmaker::codec
