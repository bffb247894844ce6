// KeeperRig: a keeper of models whose shards are played by the test, and models on disk.
#pragma once

#include "base/atomic_file.h"
#include "base/clock.h"
#include "model/artifact.h"
#include "serve/model_keeper.h"
#include "tests/model/model_test_support.h"
#include "tests/support/program.h"

#include <gtest/gtest.h>

#include <condition_variable>
#include <deque>
#include <mutex>
#include <string>
#include <utility>

namespace ringmaker::serve {

class KeeperRig {
 public:
  explicit KeeperRig(size_t shards = 2, MemoryBudgetOptions memory = {},
                     const codec::OutputSelection& outputs = {})
      : keeper({.models_dir = files.path("models"),
                .memory = std::move(memory),
                .outputs = outputs,
                .shards = shards,
                .post = [this](size_t shard,
                               const ShardMessage& message) { return take(shard, message); }},
               clock, log) {
    add("small", 3);
  }

  /// A linear model of so many features on disk; its url.
  std::string add(const std::string& name, size_t features) {
    files.write("models/" + name + "/model/.keep", "");
    const std::string url = files.path("models/" + name + "/model");
    const model::Model model = model::random_linear(model::Link::kIdentity, features, 1, 7);
    EXPECT_TRUE(base::write_file_atomically(url + "/" + std::string(model::kArtifactFileName),
                                            model::encode_artifact(model)));
    return url;
  }

  /// The next message, whichever shard it is for.
  std::pair<size_t, ShardMessage> next() {
    std::unique_lock lock(mutex_);
    come_.wait(lock, [this] { return !messages_.empty(); });
    const auto message = messages_.front();
    messages_.pop_front();
    return message;
  }
  /// Plays all shards until an operation is over.
  ModelOperation& finish() {
    for (;;) {
      const ShardMessage message = next().second;
      if (message.kind == ShardMessage::Kind::kModelOperation) {
        return *message.operation;
      }
      message.change->done();
    }
  }
  int run(ModelOperation operation) {
    EXPECT_TRUE(keeper.begin(operation));
    EXPECT_EQ(&finish(), &operation);
    sentence = operation.sentence;
    return operation.status;
  }
  int load(const std::string& name, const std::string& url) { return run(load_of(name, url)); }
  int unload(const std::string& name) {
    return run({.kind = ModelOperation::Kind::kUnload, .name = name, .url = {}, .sentence = {}});
  }
  static ModelOperation load_of(const std::string& name, const std::string& url) {
    return {.kind = ModelOperation::Kind::kLoad, .name = name, .url = url, .sentence = {}};
  }

  test::TemporaryDirectory files;
  base::SystemClock clock;
  telemetry::Log log{clock, {.level_min = telemetry::Level::kError}};
  std::string sentence;  // of the last operation

 private:
  bool take(size_t shard, const ShardMessage& message) {
    const std::lock_guard lock(mutex_);
    messages_.emplace_back(shard, message);
    come_.notify_one();
    return true;
  }

  std::mutex mutex_;
  std::condition_variable come_;
  std::deque<std::pair<size_t, ShardMessage>> messages_;

 public:
  ModelKeeper keeper;
};

}  // namespace ringmaker::serve
