#include "base/error.h"

#include <gtest/gtest.h>

#include <cerrno>

namespace ringmaker::base {
namespace {

TEST(Error, WhatTheSystemRefusedIsSaidInItsWords) {
  const Error missing = system_error(ENOENT, "cannot open a.csv");
  EXPECT_EQ(missing.code(), ErrorCode::kNotFound);
  EXPECT_EQ(missing.message(), "cannot open a.csv: No such file or directory");
  EXPECT_EQ(system_error(ENOSPC, "x").code(), ErrorCode::kExhausted);
  EXPECT_EQ(system_error(ENOMEM, "x").code(), ErrorCode::kExhausted);
  EXPECT_EQ(system_error(EACCES, "x").code(), ErrorCode::kPlatform);
}

TEST(Error, AContextStandsBeforeTheMessage) {
  const Error error = Error(ErrorCode::kCorrupt, "it is cut off").within("model.bin");
  EXPECT_EQ(error.message(), "model.bin: it is cut off");
  EXPECT_EQ(error.code(), ErrorCode::kCorrupt);
}

TEST(Error, NamesAreForLogs) {
  EXPECT_EQ(name(ErrorCode::kInvalidInput), "invalid_input");
  EXPECT_EQ(name(ErrorCode::kInternal), "internal");
}

}  // namespace
}  // namespace ringmaker::base
