// More work than a shard can do, through the built binary.
#include "base/atomic_file.h"
#include "model/artifact.h"
#include "tests/model/model_test_support.h"
#include "tests/support/program.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <thread>

namespace ringmaker {
namespace {

using testing::HasSubstr;

constexpr size_t kFeatures = 200;
constexpr const char* kCsv = "Content-Type: text/csv\r\n";

/// A model of so many classes that the server, and not its clients, has the work.
void write_model(const test::TemporaryDirectory& files) {
  const model::Model model = model::random_linear(model::Link::kSoftmax, kFeatures, 500, 7);
  files.write("model/.keep", "");
  ASSERT_TRUE(base::write_file_atomically(files.path("model/model.ringmaker"),
                                          model::encode_artifact(model)));
}

std::string rows() {
  std::string row = "1";
  for (size_t i = 1; i < kFeatures; ++i) {
    row += ",1";
  }
  std::string text;
  for (int i = 0; i < 30; ++i) {
    text += row + "\n";
  }
  return text;
}

TEST(Overload, AStandingQueueIs503WithRetryAfterAndControlRoutesAreAnswered) {
  const test::TemporaryDirectory files;
  write_model(files);
  const int port = test::free_port();
  test::Program server({"serve", "--model-dir", files.path("model"), "--port", std::to_string(port),
                        "--shards", "1", "--queue-ms-max", "1"},
                       {});
  ASSERT_TRUE(test::wait_until_healthy(port, server)) << server.errors();
  const std::string body = rows();
  std::atomic<int> refused{0};
  std::atomic<int> scored{0};
  std::atomic<bool> over{false};
  std::vector<std::thread> clients;
  for (int i = 0; i < 16; ++i) {
    clients.emplace_back([&] {
      while (!over) {
        const auto answer = test::post(port, "/invocations", kCsv, body);
        if (answer.status == 503) {
          EXPECT_THAT(answer.head, HasSubstr("Retry-After: 1"));
          ++refused;
        } else {
          EXPECT_EQ(answer.status, 200);
          ++scored;
        }
      }
    });
  }
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (refused < 10 && std::chrono::steady_clock::now() < until) {
    EXPECT_EQ(test::get(port, "/ping").status, 200);
    EXPECT_EQ(test::get(port, "/execution-parameters").status, 200);
  }
  over = true;
  for (std::thread& client : clients) {
    client.join();
  }
  EXPECT_GE(refused, 10);
  EXPECT_GT(scored, 0);
  EXPECT_EQ(test::post(port, "/invocations", kCsv, body).status, 200) << "the storm is over";
  EXPECT_THAT(
      test::get(port, "/metrics").body,
      HasSubstr(fmt::format("ringmaker_errors_total{{reason=\"overload\"}} {}", refused.load())));
}

}  // namespace
}  // namespace ringmaker
