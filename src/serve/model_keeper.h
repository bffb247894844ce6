// ModelKeeper: which models there are, for all shards: loads them, lists them, lets them go.
//
//   absent ──load──▶ arriving ──every shard has it──▶ ready ──unload──▶ leaving ──┐
//      ▲                 │ cannot be loaded                                       │ every shard has
//      └─────────────────┴────────────────────────────────────────────────────────┘ let go of it
//
// Files are read and models built on helper threads, which yield to the shards: a load delays no
// invocation. Whoever asks for a model that is arriving or leaving waits, and is asked again when
// that is over: of any number of loads at a time one is answered 200, the others 409. An unload is
// answered when the memory is free.
#pragma once

#include "base/cpu.h"
#include "base/result.h"
#include "codec/selected/output_selection.h"
#include "serve/helper_threads.h"
#include "serve/loaded_model.h"
#include "serve/memory_budget.h"
#include "serve/metrics.h"
#include "serve/model_change.h"
#include "serve/model_operation.h"
#include "serve/models_root.h"
#include "serve/shard_message.h"
#include "telemetry/log.h"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ringmaker::serve {

struct ModelKeeperOptions {
  std::string models_dir = "/opt/ml/models";
  base::InstructionSet instruction_set = base::InstructionSet::kPortable;
  MemoryBudgetOptions memory = {};
  /// What answers hold where a request does not say; a model that does not give it is not loaded.
  codec::OutputSelection outputs{};
  bool ensemble = true;  // several files of a model answer as one; else the first alone
  size_t shards = 1;
  /// Gives a shard a message; false: its mailbox is full, try again.
  std::function<bool(size_t shard, const ShardMessage&)> post;
  /// Does a job some time, never within the call. Empty: helper threads of the keeper's own.
  std::function<void(HelperThreads::Job)> run_job = {};
};

/// Thread-safe. Its threads begin with the first operation.
class ModelKeeper {
 public:
  static constexpr size_t kThreadsMax = 4;
  static constexpr size_t kPageMax = 100;

  ModelKeeper(ModelKeeperOptions options, const base::Clock& clock, telemetry::Log& log);
  ~ModelKeeper();
  ModelKeeper(const ModelKeeper&) = delete;
  ModelKeeper& operator=(const ModelKeeper&) = delete;

  /// Never waits. The operation comes back to its shard by mailbox, with its status; with an error
  /// it has not begun, because there is no thread for it.
  [[nodiscard]] base::Result<void> begin(ModelOperation& operation);

  struct Entry {
    std::string name;
    std::string url;
  };
  /// At most `limit` models that are ready, in the order of their names, those behind `after`.
  /// The flag: there are more.
  [[nodiscard]] std::pair<std::vector<Entry>, bool> list(size_t limit,
                                                         std::string_view after) const;
  /// Where a model that is ready came from; nothing when it is not.
  [[nodiscard]] std::optional<std::string> url_of(std::string_view name) const;
  [[nodiscard]] const ModelMetrics& metrics() const noexcept { return metrics_; }

  /// Ends the threads once they have done what they are at. Before the shards leave their loops.
  void stop();

 private:
  struct Kept {
    enum class State : uint8_t { kArriving, kReady, kLeaving };
    State state = State::kArriving;
    std::unique_ptr<LoadedModel> model;
    std::unique_ptr<ModelChange> change;   // while it arrives or leaves
    ModelOperation* operation = nullptr;   // which asked for that
    std::vector<ModelOperation*> waiting;  // until that is over
    uint64_t file_bytes = 0;
  };

  [[nodiscard]] base::Result<void> enqueue(HelperThreads::Job job);
  void go_on(HelperThreads::Job job);
  void work_on(ModelOperation& operation);
  void load(Kept& kept, ModelOperation& operation);
  [[nodiscard]] base::Result<std::unique_ptr<LoadedModel>> read(const ModelOperation& operation,
                                                                Kept& kept);
  void publish(Kept& kept, bool leaves);
  void arrived(Kept& kept);
  void left(Kept& kept);
  void forget(Kept& kept, const std::string& name);
  void free_memory(Kept& kept);
  void answer(ModelOperation& operation, int status, std::string sentence = {});
  void tell(size_t shard, const ShardMessage& message) const;

  ModelKeeperOptions options_;
  const base::Clock& clock_;
  telemetry::Log& log_;
  ModelsRoot root_;
  MemoryBudget budget_;

  mutable std::mutex mutex_;  // for what follows; never held while files are read
  std::map<std::string, std::unique_ptr<Kept>, std::less<>> models_;
  ModelMetrics metrics_;
  uint64_t bytes_freed_ = 0;  // since the allocator last gave back what it could

  std::atomic<bool> stopping_{false};  // ends a load that still reads
  HelperThreads threads_;
};

}  // namespace ringmaker::serve
