// The bytes of a binary model, made by libxgboost and then bent.
#include "model/import/xgboost/xgboost_binary.h"

#include "tests/model/import/fixture.h"
#include "wire/little_endian.h"

#include <gmock/gmock.h>

namespace ringmaker::model {
namespace {

using testing::HasSubstr;

class XgboostBinary : public testing::Test {
 protected:
  template <class T>
  std::string error_with(size_t at, T value) {
    auto bent = bytes_;
    wire::store_little_endian(&bent[at], value);
    const auto file = read_xgboost_binary(bent);
    return file ? "" : file.error().message();
  }
  std::vector<std::byte> bytes_ =
      file_bytes(fs::path(RINGMAKER_SOURCE_DIR) / "tests/golden/xgboost/binary/model.deprecated");
  /// Behind "binf" and the header: the length and name of the objective, of the booster.
  static constexpr size_t kObjective = 4 + 136;
  static constexpr size_t kBooster = kObjective + 8 + 15;
  static constexpr size_t kTrees = kBooster + 8 + 6;
};

TEST_F(XgboostBinary, IsReadWithItsMarkAndWithout) {
  EXPECT_TRUE(is_xgboost_binary(bytes_));
  const auto bare = std::span(bytes_).subspan(4);
  EXPECT_TRUE(is_xgboost_binary(bare));
  const auto file = read_xgboost_binary(bare);
  ASSERT_TRUE(file) << file.error().message();
  EXPECT_EQ(file->objective, "binary:logistic");
  EXPECT_EQ(file->booster, "gbtree");
  EXPECT_EQ(file->ensemble.trees.size(), 4U);
  EXPECT_EQ(file->version[0], 1U);
  EXPECT_FALSE(file->patch_known) << "the header has two numbers";
}

TEST_F(XgboostBinary, BeforeOneTheBaseIsAMargin) {
  EXPECT_FALSE(read_xgboost_binary(bytes_)->base_is_margin);
  wire::store_little_endian<uint32_t>(&bytes_[4 + 20], 0);  // the major version
  EXPECT_TRUE(read_xgboost_binary(bytes_)->base_is_margin);
}

TEST_F(XgboostBinary, BeforeTheFirstRoundThereIsNoBestOne) {
  const auto append = [&](auto... values) {
    const auto one = [&](const auto& value) {
      const auto bytes = std::as_bytes(std::span(value.data(), value.size()));
      const size_t at = bytes_.size();
      bytes_.resize(at + 8);
      wire::store_little_endian<uint64_t>(&bytes_[at], bytes.size());
      bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
    };
    (one(std::string_view(values)), ...);
  };
  wire::store_little_endian<int32_t>(&bytes_[4 + 12], 1);  // there are attributes
  const size_t at = bytes_.size();
  bytes_.resize(at + 8);
  wire::store_little_endian<uint64_t>(&bytes_[at], 1);
  append("best_iteration", "-1");
  const auto file = read_xgboost_binary(bytes_);
  ASSERT_TRUE(file) << file.error().message();
  EXPECT_FALSE(file->best_iteration);
}

TEST_F(XgboostBinary, OtherBytesAreNone) {
  EXPECT_FALSE(is_xgboost_binary({}));
  EXPECT_FALSE(is_xgboost_binary(std::span(bytes_).subspan(5)));
  EXPECT_FALSE(is_xgboost_binary(std::vector<std::byte>(1000)));
}

TEST_F(XgboostBinary, CountsAreBelievedAsFarAsTheBytesGo) {
  EXPECT_THAT(error_with<uint64_t>(kObjective, ~uint64_t{0}), HasSubstr("objective"));
  EXPECT_THAT(error_with<uint64_t>(kBooster, 1U << 30U), HasSubstr("booster"));
  EXPECT_THAT(error_with<int32_t>(kTrees, 2000000000), HasSubstr("num_trees is 2000000000"));
  EXPECT_THAT(error_with<int32_t>(kTrees, -1), HasSubstr("num_trees is -1"));
  EXPECT_THAT(error_with<int32_t>(kTrees + 160 + 4, 2000000000), HasSubstr("trees[0]"));
  EXPECT_THAT(error_with<int32_t>(kTrees + 160 + 148 + 4, 99), HasSubstr("left_children[0] is 99"));
  EXPECT_THAT(error_with<int32_t>(4 + 8, -3), HasSubstr("num_class is -3"));
  EXPECT_THAT(error_with<uint32_t>(4, 0x7FC00000U), HasSubstr("base_score"));
}

}  // namespace
}  // namespace ringmaker::model
