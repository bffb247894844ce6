// More work than a shard can do, through the built binary.
#include "base/atomic_file.h"
#include "model/artifact.h"
#include "tests/model/dense/dense_models.h"
#include "tests/model/model_test_support.h"
#include "tests/support/program.h"

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace ringmaker {
namespace {

using testing::HasSubstr;

constexpr size_t kFeatures = 200;
constexpr const char* kCsv = "Content-Type: text/csv\r\n";

/// A model of so many classes that the server, and not its clients, has the work.
model::Model model_of_many_classes() {
  return model::random_linear(model::Link::kSoftmax, kFeatures, 500, 7);
}

void write_model(const test::TemporaryDirectory& files, const model::Model& model) {
  files.write("model/.keep", "");
  ASSERT_TRUE(base::write_file_atomically(files.path("model/model.ringmaker"),
                                          model::encode_artifact(model)));
}

std::string rows(size_t features = kFeatures) {
  std::string row = "1";
  for (size_t i = 1; i < features; ++i) {
    row += ",1";
  }
  std::string text;
  for (int i = 0; i < 30; ++i) {
    text += row + "\n";
  }
  return text;
}

/// A server of one shard, and more clients than it can serve in time.
class Storm {
 public:
  Storm() {
    write_model(files_, model_of_many_classes());
    server_.emplace(
        std::vector<std::string>{"serve", "--model-dir", files_.path("model"), "--port",
                                 std::to_string(port_), "--shards", "1", "--queue-ms-max", "1"},
        test::Program::Variables{});
    EXPECT_TRUE(test::wait_until_healthy(port_, *server_)) << server_->errors();
  }

  /// Posts from all sides until ten requests were refused; `meanwhile` again and again.
  template <class Meanwhile>
  void rage(Meanwhile&& meanwhile) {
    std::atomic<bool> over{false};
    std::vector<std::thread> clients;
    for (int i = 0; i < 16; ++i) {
      clients.emplace_back([&] {
        while (!over) {
          note(post());
        }
      });
    }
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (refused_ < 10 && std::chrono::steady_clock::now() < until) {
      meanwhile();
    }
    over = true;
    for (std::thread& client : clients) {
      client.join();
    }
  }
  /// Somebody is scored again, where few ask.
  [[nodiscard]] bool subsides() {
    for (int tries = 0; tries < 100; ++tries) {
      const test::HttpAnswer answer = post();
      note(answer);
      if (answer.status == 200) {
        return true;
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    return false;
  }
  [[nodiscard]] test::HttpAnswer post() const {
    return test::post(port_, "/invocations", kCsv, body_);
  }
  [[nodiscard]] int port() const noexcept { return port_; }
  [[nodiscard]] int refused() const noexcept { return refused_; }
  [[nodiscard]] int scored() const noexcept { return scored_; }

 private:
  void note(const test::HttpAnswer& answer) {
    if (answer.status == 503) {
      EXPECT_THAT(answer.head, HasSubstr("Retry-After: 1"));
      ++refused_;
    } else {
      EXPECT_EQ(answer.status, 200);
      ++scored_;
    }
  }

  const test::TemporaryDirectory files_;
  const std::string body_ = rows();
  const int port_ = test::free_port();
  std::optional<test::Program> server_;
  std::atomic<int> refused_{0};
  std::atomic<int> scored_{0};
};

TEST(Overload, AStandingQueueIs503WithRetryAfterAndControlRoutesAreAnswered) {
  Storm storm;
  storm.rage([&] {
    EXPECT_EQ(test::get(storm.port(), "/ping").status, 200);
    EXPECT_EQ(test::get(storm.port(), "/execution-parameters").status, 200);
  });
  EXPECT_GE(storm.refused(), 10);
  EXPECT_GT(storm.scored(), 0);
  EXPECT_TRUE(storm.subsides());
  EXPECT_THAT(
      test::get(storm.port(), "/metrics").body,
      HasSubstr(fmt::format("ringmaker_errors_total{{reason=\"overload\"}} {}", storm.refused())));
}

/// Of more long payloads than the deadline has time for some are answered, however slow the
/// machine: they are not all scored until it is too late for all.
TEST(Complaint, ABurstOfLongPayloadsIsAnsweredByNobody) {
  const test::TemporaryDirectory files;
  // What takes time is to score rows, not to read them or to write answers.
  constexpr size_t kFew = 10;
  write_model(files, model::random_machine({model::KernelType::kRbf, 0.02F, 0, 3}, kFew, 4000, 7));
  const int port = test::free_port();
  test::Program server({"serve", "--model-dir", files.path("model"), "--port", std::to_string(port),
                        "--shards", "1", "--request-deadline-s", "2", "--queue-ms-max", "0"},
                       {});
  ASSERT_TRUE(test::wait_until_healthy(port, server)) << server.errors();
  std::string body = rows(kFew);
  const auto answered = [&] { return test::post(port, "/invocations", kCsv, body).status == 200; };
  // As long as takes about a tenth of the deadline here, whatever the machine does.
  ASSERT_TRUE(answered());
  for (auto taken = std::chrono::nanoseconds(0); taken < std::chrono::milliseconds(200);) {
    body += body;
    const auto begun = std::chrono::steady_clock::now();
    ASSERT_TRUE(answered());
    taken = std::chrono::steady_clock::now() - begun;
  }
  constexpr int kClients = 40;
  std::atomic<int> scored{0};
  std::atomic<int> refused{0};
  std::vector<std::thread> clients;
  for (int i = 0; i < kClients; ++i) {
    clients.emplace_back([&] {
      const test::HttpAnswer answer = test::post(port, "/invocations", kCsv, body);
      (answer.status == 200 ? scored : refused) += 1;
      EXPECT_TRUE(answer.status == 200 || answer.status == 503) << answer.status;
    });
  }
  for (std::thread& client : clients) {
    client.join();
  }
  EXPECT_GT(scored, 0) << "and " << refused << " were refused";
  EXPECT_GT(refused, 0) << "and " << scored << " were scored";
}

/// Each request has an answer, scores or "come again": none waits for what will not come.
TEST(Complaint, RequestsQueueUntilTheyTimeOut) {
  Storm storm;
  storm.rage([] { std::this_thread::sleep_for(std::chrono::milliseconds(1)); });
  EXPECT_GE(storm.refused(), 10) << "told at once to come again";
  EXPECT_GT(storm.scored(), 0);
  EXPECT_THAT(test::get(storm.port(), "/metrics").body,
              HasSubstr("ringmaker_errors_total{reason=\"deadline\"} 0\n"));
}

}  // namespace
}  // namespace ringmaker
