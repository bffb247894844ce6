#include "io/uring_features.h"

#include "io/backend_choice.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace ringmaker::io {
namespace {

TEST(UringFeatures, ARefusalHasAnErrnoAndARingHasFeatures) {
  const UringReport report = examine_uring();
  EXPECT_EQ(report.refusal == 0, !report.features.empty());
}

TEST(UringFeatures, WhatTheBackendWorksWithIsPresent) {
  if (choose_backend("auto")->kind != BackendKind::kUring) {
    GTEST_SKIP() << "io_uring is refused here: NOT CHECKED";
  }
  const UringReport report = examine_uring();
  for (const std::string_view needed :
       {"accept", "receive", "send", "cancel", "nodrop", "ext_arg", "buffer_ring"}) {
    EXPECT_TRUE(std::any_of(
        report.features.begin(), report.features.end(),
        [&](const UringFeature& feature) { return feature.name == needed && feature.present; }))
        << needed;
  }
}

}  // namespace
}  // namespace ringmaker::io
