#include "config/platform_variables.h"

#include "config/serve_options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ringmaker::config {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> unknown(const Texts& environment) {
  return unknown_platform_variables(serve_option_table(), environment);
}

TEST(PlatformVariables, WhatAwsStacksReadIsKnown) {
  EXPECT_THAT(unknown({{"SAGEMAKER_BIND_TO_PORT", "1"},
                       {"SAGEMAKER_PROGRAM", "x"},
                       {"SAGEMAKER_GUNICORN_WORKERS", "1"},
                       {"SAGEMAKER_MULTI_MODEL", "true"},
                       {"PATH", "x"}}),
              IsEmpty());
  EXPECT_THAT(unknown({{"SAGEMAKER_BIND_TO_PROT", "1"}}), ElementsAre("SAGEMAKER_BIND_TO_PROT"));
}

}  // namespace
}  // namespace ringmaker::config
