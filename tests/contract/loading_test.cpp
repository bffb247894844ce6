// While `ringmaker serve` loads its model: it answers already, it can be ended, and what is no
// model is not read to its end.
#include "base/atomic_file.h"
#include "model/artifact.h"
#include "tests/model/model_test_support.h"
#include "tests/support/program.h"
#include "wire/little_endian.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>

namespace ringmaker {
namespace {

using testing::HasSubstr;

class Loading : public testing::Test {
 protected:
  /// A file that begins as an artifact of its length and holds nothing but zeroes behind its first
  /// bytes: its checksum is wrong, which only its last byte can tell.
  void write_long_artifact(uint64_t bytes) {
    auto start = model::encode_artifact(model::random_linear(model::Link::kIdentity, 3, 1, 7));
    wire::store_little_endian<uint64_t>(&start[16], bytes);
    write_start(std::string(reinterpret_cast<const char*>(start.data()), start.size()), bytes);
  }
  void write_start(const std::string& start, uint64_t bytes) {
    tree_.write("model/model.ringmaker", start);
    std::filesystem::resize_file(tree_.path("model/model.ringmaker"), bytes);
  }
  test::Program& serve() {
    port_ = test::free_port();
    server_ = std::make_unique<test::Program>(
        std::vector<std::string>{"serve"},
        test::Program::Variables{{"SAGEMAKER_BASE_DIR", tree_.path()},
                                 {"SAGEMAKER_BIND_TO_PORT", std::to_string(port_)}});
    return *server_;
  }
  /// Of `path` as soon as anything is answered there; 0 when the server ends before.
  test::HttpAnswer first_answer(const std::string& path) {
    test::HttpAnswer answer;
    while (answer.status == 0 && server_->running()) {
      answer = path == "/ping" ? test::get(port_, path)
                               : test::post(port_, path, "Content-Type: text/csv\r\n", "1,2,3\n");
    }
    return answer;
  }

  test::TemporaryDirectory tree_;
  std::unique_ptr<test::Program> server_;
  int port_ = 0;
};

constexpr uint64_t kTakesLong = uint64_t{1} << 30;

TEST_F(Loading, PingIs503AndInvocationsAskToComeAgain) {
  write_long_artifact(kTakesLong);
  test::Program& server = serve();
  const test::HttpAnswer ping = first_answer("/ping");
  EXPECT_EQ(ping.status, 503) << server.errors();
  const test::HttpAnswer invocation = first_answer("/invocations");
  EXPECT_EQ(invocation.status, 503) << server.errors();
  EXPECT_THAT(invocation.head, HasSubstr("Retry-After: "));
  EXPECT_THAT(invocation.body, HasSubstr("the model is being loaded"));
  EXPECT_EQ(server.wait(60), 2);
  EXPECT_THAT(server.errors(), HasSubstr("model.ringmaker: the model file is damaged"));
}

TEST_F(Loading, ASignalEndsItInOrder) {
  write_long_artifact(kTakesLong * 3);
  test::Program& server = serve();
  ASSERT_EQ(first_answer("/ping").status, 503) << server.errors();
  server.signal(SIGTERM);
  EXPECT_EQ(server.wait(20), 0) << server.errors();
}

TEST_F(Loading, WhatIsNoModelIsNotReadToItsEnd) {
  // More than any disk gives in the time that is waited.
  write_start("\x89 what is this", kTakesLong * 60);
  EXPECT_EQ(serve().wait(20), 2);
  EXPECT_THAT(server_->errors(), HasSubstr("its first bytes are unknown"));
  write_start("\x89HDF\r\n", kTakesLong * 60);
  EXPECT_EQ(serve().wait(20), 2);
  EXPECT_THAT(server_->errors(), HasSubstr("HDF5"));
}

TEST_F(Loading, APortInUseIsToldBeforeTheModelIsRead) {
  write_long_artifact(kTakesLong * 3);
  serve();
  ASSERT_EQ(first_answer("/ping").status, 503);
  test::Program second({"serve"}, {{"SAGEMAKER_BASE_DIR", tree_.path()},
                                   {"SAGEMAKER_BIND_TO_PORT", std::to_string(port_)}});
  EXPECT_NE(second.wait(20), 0);
  EXPECT_THAT(second.errors(), HasSubstr("is in use"));
}

}  // namespace
}  // namespace ringmaker
