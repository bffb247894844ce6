// The reasons that errors are counted by.
#include "serve/error_reason.h"

#include <gtest/gtest.h>

#include <set>
#include <string_view>

namespace ringmaker::serve {
namespace {

TEST(ErrorReasonTest, EachHasANameOfItsOwn) {
  std::set<std::string_view> names;
  for (size_t i = 0; i < kErrorReasons; ++i) {
    names.insert(name(static_cast<ErrorReason>(i)));
  }
  EXPECT_EQ(names.size(), kErrorReasons);
  EXPECT_FALSE(names.contains(""));
  EXPECT_EQ(name(ErrorReason::kOther), "other") << "names are in the enumeration's order";
  EXPECT_EQ(name(ErrorReason::kDescriptorsExhausted), "descriptors_exhausted");
}

TEST(ErrorReasonTest, AStatusTellsIts) {
  EXPECT_EQ(reason_of(400), ErrorReason::kBadRequest);
  EXPECT_EQ(reason_of(417), ErrorReason::kExpectationFailed);
  EXPECT_EQ(reason_of(505), ErrorReason::kVersion);
  EXPECT_EQ(reason_of(507), ErrorReason::kNoMemory);
  EXPECT_EQ(reason_of(418), ErrorReason::kOther);
}

}  // namespace
}  // namespace ringmaker::serve
