// Stateful sessions, the platform's section 12.2, on a server of two shards.
#include "tests/contract/iris_model.h"
#include "tests/support/loopback_peer.h"
#include "tests/support/program.h"

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace ringmaker {
namespace {

using test::HttpAnswer;
using testing::HasSubstr;

const std::string kRow = "5.1,3.5,1.4,0.2\n";

class SessionContract : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override { start({}); }

  void start(test::Program::Variables variables) {
    port_ = test::free_port();
    variables["SAGEMAKER_BASE_DIR"] = IrisModel::directory().path();
    variables["SAGEMAKER_BIND_TO_PORT"] = std::to_string(port_);
    variables["RINGMAKER_SHARDS"] = "2";
    variables["RINGMAKER_IO"] = GetParam();
    server_ = std::make_unique<test::Program>(std::vector<std::string>{"serve"}, variables);
    if (!test::wait_until_healthy(port_, *server_)) {
      if (server_->errors().find("cannot be had") != std::string::npos) {
        GTEST_SKIP() << "io_uring is refused here: " << server_->errors();
      }
      FAIL() << server_->errors();
    }
  }
  HttpAnswer invoke(const std::string& id, const std::string& body,
                    const std::string& type = "text/csv") const {
    return test::post(port_, "/invocations",
                      "Content-Type: " + type + "\r\nX-Amzn-SageMaker-Session-Id: " + id + "\r\n",
                      body);
  }
  static std::string field(const HttpAnswer& answer, const std::string& name) {
    const size_t at = answer.head.find("\r\n" + name + ": ");
    if (at == std::string::npos) {
      return {};
    }
    const size_t begin = at + name.size() + 4;
    return answer.head.substr(begin, answer.head.find("\r\n", begin) - begin);
  }
  /// As /metrics has it; waits for up to ten seconds.
  bool as_many_are_open(int sessions) const {
    const std::string line = fmt::format("\nringmaker_sessions {}\n", sessions);
    for (int i = 0; i < 500; ++i) {
      if (test::get(port_, "/metrics").body.find(line) != std::string::npos) {
        return true;
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    return false;
  }
  std::string open() const {
    const HttpAnswer answer =
        invoke("NEW_SESSION", R"({"requestType":"NEW_SESSION"})", "application/json");
    EXPECT_EQ(answer.status, 200) << answer.body;
    const std::string value = field(answer, "X-Amzn-SageMaker-Session-Id");
    EXPECT_EQ(field(answer, "X-Amzn-SageMaker-New-Session-Id"), value);
    EXPECT_THAT(value, HasSubstr("; Expires=20"));
    return value.substr(0, value.find(';'));
  }

  std::unique_ptr<test::Program> server_;
  int port_ = 0;
};

TEST_P(SessionContract, IsOpenedUsedAndClosedOnWhicheverShardAConnectionIs) {
  // Connections that stay open make new ones come to both shards.
  std::vector<test::LoopbackPeer> held;
  for (int round = 0; round < 8; ++round) {
    const std::string id = open();
    for (int i = 0; i < 4; ++i) {
      held.emplace_back(port_);
      EXPECT_EQ(invoke(id, kRow).status, 200);
    }
    const HttpAnswer closed = invoke(id, R"({"requestType":"CLOSE"})", "application/json");
    EXPECT_EQ(closed.status, 200);
    EXPECT_EQ(field(closed, "X-Amzn-SageMaker-Closed-Session-Id"), id);
    for (int i = 0; i < 4; ++i) {
      held.emplace_back(port_);
      const HttpAnswer late = invoke(id, kRow);
      EXPECT_EQ(late.status, 400);
      EXPECT_THAT(late.body, HasSubstr("NEW_SESSION"));
    }
  }
}

TEST_P(SessionContract, UnknownIdsAndThoseOfAnotherProcessAre400) {
  const std::string id = open();
  EXPECT_EQ(invoke("no-such-session", kRow).status, 400);
  server_.reset();
  start({});
  EXPECT_EQ(invoke(id, kRow).status, 400);
}

TEST_P(SessionContract, ExpiresAndNoMoreAreOpenThanMayBe) {
  server_.reset();
  start({{"RINGMAKER_SESSION_S", "2"}, {"RINGMAKER_SESSIONS_MAX", "2"}});
  const std::string id = open();
  EXPECT_EQ(invoke(id, kRow).status, 200);
  // Connections that stay open make new ones come to both shards, which give places of one number.
  std::vector<test::LoopbackPeer> held;
  int opened = 0;
  for (int i = 0; i < 4; ++i) {
    held.emplace_back(port_);
    const int status = invoke("NEW_SESSION", kRow).status;
    EXPECT_THAT(status, testing::AnyOf(200, 503));
    opened += status == 200 ? 1 : 0;
  }
  EXPECT_EQ(opened, 1);
  for (int i = 0; i < 100 && invoke(id, kRow).status == 200; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  EXPECT_EQ(invoke(id, kRow).status, 400);
  open();
}

TEST_P(SessionContract, ARequestThatNeverCompletesTakesNoPlace) {
  server_.reset();
  start({{"RINGMAKER_SESSIONS_MAX", "1"},
         {"RINGMAKER_STALL_S_MAX", "1"},
         {"RINGMAKER_BODY_BYTES_MAX", "2000"}});
  const std::string head =
      "POST /invocations HTTP/1.1\r\nHost: s\r\nContent-Type: text/csv\r\n"
      "X-Amzn-SageMaker-Session-Id: NEW_SESSION\r\n";
  const std::string counted = head + "Content-Length: 500\r\n\r\n5.1,3.5";
  const std::string chunked = head + "Transfer-Encoding: chunked\r\n\r\n";
  enum class Then : uint8_t { kReset, kHalfClose, kWait };
  struct Case {
    std::string request;
    Then then;
    std::string answer;
  };
  for (const Case& c :
       {Case{counted, Then::kReset, ""}, Case{counted, Then::kHalfClose, "HTTP/1.1 400"},
        Case{counted, Then::kWait, "HTTP/1.1 408"},
        Case{head + "Content-Length: 3000\r\n\r\n", Then::kWait, "HTTP/1.1 413"},
        Case{chunked + "bb8\r\n" + std::string(3000, '1'), Then::kWait, "HTTP/1.1 413"},
        Case{chunked + "7\r\n5.1,3.5\r\nx\r\n", Then::kWait, "HTTP/1.1 400"},
        Case{chunked + "7\r\n5.1,3.5\r\n", Then::kHalfClose, "HTTP/1.1 400"}}) {
    test::LoopbackPeer peer(port_);
    ASSERT_TRUE(peer.send(c.request));
    if (c.then == Then::kReset) {
      ASSERT_TRUE(as_many_are_open(1));
      peer.reset();
    } else {
      if (c.then == Then::kHalfClose) {
        peer.half_close();
      }
      EXPECT_THAT(peer.receive_until("\r\n\r\n"), testing::StartsWith(c.answer)) << c.request;
    }
    ASSERT_TRUE(as_many_are_open(0)) << c.request;
    EXPECT_EQ(invoke(open(), R"({"requestType":"CLOSE"})", "application/json").status, 200);
  }
}

INSTANTIATE_TEST_SUITE_P(Backends, SessionContract, testing::Values("uring", "epoll"),
                         [](const auto& backend) { return std::string(backend.param); });

}  // namespace
}  // namespace ringmaker
