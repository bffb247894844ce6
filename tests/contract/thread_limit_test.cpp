// Where the container allows fewer threads than shards are asked for.
#include "base/atomic_file.h"
#include "model/artifact.h"
#include "tests/model/model_test_support.h"
#include "tests/support/program.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <string>

namespace ringmaker::test {
namespace {

using testing::HasSubstr;

TEST(ThreadLimit, WhatHasBegunEndsAtOnceWithAReason) {
  if (::geteuid() != 0) {
    GTEST_SKIP() << "only root can become a user who has no other process: NOT CHECKED";
  }
  const TemporaryDirectory files;
  std::filesystem::permissions(files.path(), std::filesystem::perms(0755));
  ASSERT_TRUE(base::write_file_atomically(
      files.path("model.ringmaker"),
      model::encode_artifact(model::random_linear(model::Link::kIdentity, 3, 1, 7))));
  std::filesystem::permissions(files.path("model.ringmaker"), std::filesystem::perms(0644));
  // The log and the first shards still fit.
  Program server({"serve", "--model-dir", files.path(), "--port", std::to_string(free_port()),
                  "--shards", "8"},
                 {}, {},
                 {"setpriv", "--reuid=65531", "--regid=65531", "--clear-groups", "bash", "-c",
                  R"(ulimit -u 5; exec "$0" "$@")"});
  EXPECT_EQ(server.wait(60), 3) << server.errors();
  EXPECT_THAT(server.errors(),
              HasSubstr("cannot start a thread: the limit of processes is reached (pids cgroup, "
                        "ulimit -u), or there is no memory for its stack"));
}

}  // namespace
}  // namespace ringmaker::test
