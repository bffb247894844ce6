// A ring that can be had for the probe and not for serving, as at a limit of memory or descriptors.
#include "base/atomic_file.h"
#include "io/backend_choice.h"
#include "model/artifact.h"
#include "tests/model/model_test_support.h"
#include "tests/support/program.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <string>
#include <vector>

namespace ringmaker::test {
namespace {

using testing::HasSubstr;

class RefusedRing : public testing::Test {
 protected:
  void SetUp() override {
    if (!io::choose_backend("uring")) {
      GTEST_SKIP() << "io_uring cannot be had here: NOT CHECKED";
    }
    ASSERT_TRUE(base::write_file_atomically(
        model_.path("model.ringmaker"),
        model::encode_artifact(model::random_linear(model::Link::kIdentity, 3, 1, 7))));
  }
  std::vector<std::string> serve(const std::string& io) const {
    return {"serve",  "--model-dir",         model_.path(), "--io", io,
            "--port", std::to_string(port_), "--shards",    "2"};
  }
  static Program::Runner refusing() {
    return {RINGMAKER_REFUSE_URING, "EMFILE", "large_setup", "--"};
  }

  TemporaryDirectory model_;
  int port_ = free_port();
};

TEST_F(RefusedRing, AskedForByNameItEndsTheStart) {
  Program server(serve("uring"), {}, {}, refusing());
  EXPECT_EQ(server.wait(60), 3) << server.errors();
  EXPECT_THAT(server.errors(), HasSubstr("io_uring was asked for but cannot be had"));
}

TEST_F(RefusedRing, OtherwiseEpollServesAndSaysWhy) {
  Program server(serve("auto"), {}, {}, refusing());
  ASSERT_TRUE(wait_until_healthy(port_, server)) << server.errors();
  EXPECT_THAT(get(port_, "/metrics").body,
              HasSubstr("io=\"epoll (io_uring refused: io_uring_setup answered EMFILE"));
  server.signal(SIGTERM);
  EXPECT_EQ(server.wait(60), 0);
}

}  // namespace
}  // namespace ringmaker::test
