#include "serve/model_keeper.h"

#include "base/check.h"
#include "serve/model_store.h"
#include "serve/server_log.h"

#include <fmt/core.h>
#include <malloc.h>

#include <new>
#include <thread>

namespace ringmaker::serve {
namespace {

/// Freed memory is given back to the kernel when it is worth a walk through the allocator's lists.
constexpr uint64_t kBytesWorthGivingBack = uint64_t{1} << 20;

int status_of(const base::Error& error) noexcept {
  switch (error.code()) {
    case base::ErrorCode::kExhausted:
      return 507;
    case base::ErrorCode::kNotFound:
      return 404;
    case base::ErrorCode::kInvalidInput:
      return 400;
    default:
      return 500;
  }
}

double mebibytes(uint64_t bytes) noexcept { return static_cast<double>(bytes) / (1 << 20); }

/// A model that is damaged, foreign or not there at all is what the caller has named: 400. That it
/// could not be read is not.
base::Error of_the_model(const base::Error& error) {
  switch (error.code()) {
    case base::ErrorCode::kNotFound:
    case base::ErrorCode::kUnsupported:
    case base::ErrorCode::kCorrupt:
      return {base::ErrorCode::kInvalidInput, error.message()};
    default:
      return error;
  }
}

}  // namespace

ModelKeeper::ModelKeeper(ModelKeeperOptions options, const base::Clock& clock, telemetry::Log& log)
    : options_(std::move(options)),
      clock_(clock),
      log_(log),
      root_(options_.models_dir),
      budget_(options_.memory),
      threads_("models", kThreadsMax) {}

ModelKeeper::~ModelKeeper() { stop(); }

void ModelKeeper::stop() {
  stopping_ = true;
  threads_.stop();
}

base::Result<void> ModelKeeper::enqueue(HelperThreads::Job job) {
  if (options_.run_job) {
    options_.run_job(std::move(job));
    return {};
  }
  return threads_.enqueue(std::move(job));
}

/// What an operation that has begun leads to: the thread it began on is still there.
void ModelKeeper::go_on(HelperThreads::Job job) {
  const bool taken = enqueue(std::move(job)).has_value();
  RM_CHECK(taken);
}

// ---- Operations

base::Result<void> ModelKeeper::begin(ModelOperation& operation) {
  return enqueue([this, &operation] { work_on(operation); });
}

void ModelKeeper::work_on(ModelOperation& operation) {
  std::unique_lock lock(mutex_);
  const auto found = models_.find(operation.name);
  const bool loads = operation.kind == ModelOperation::Kind::kLoad;
  if (found == models_.end()) {
    if (!loads) {
      lock.unlock();
      answer(operation, 404, "no model of this name is loaded");
      return;
    }
    Kept& kept = *models_.emplace(operation.name, std::make_unique<Kept>()).first->second;
    kept.operation = &operation;
    lock.unlock();
    load(kept, operation);
    return;
  }
  Kept& kept = *found->second;
  if (kept.state != Kept::State::kReady) {
    kept.waiting.push_back(&operation);
    return;
  }
  if (loads) {
    lock.unlock();
    answer(operation, 409, "a model of this name is loaded already");
    return;
  }
  kept.state = Kept::State::kLeaving;
  kept.operation = &operation;
  metrics_.models.set(metrics_.models.value() - 1);
  lock.unlock();
  publish(kept, true);
}

/// Only the thread that has made `kept` touches it while it arrives, but for those that wait.
void ModelKeeper::load(Kept& kept, ModelOperation& operation) {
  const uint64_t begun = clock_.now_ns();
  auto model = read(operation, kept);
  if (model) {
    kept.model = std::move(*model);
    const std::lock_guard lock(mutex_);
    metrics_.load_duration.record(clock_.now_ns() - begun);
  } else {
    const int status = status_of(model.error());
    {
      const std::lock_guard lock(mutex_);
      (status == 507 ? metrics_.loads_without_memory : metrics_.loads_failed).add();
    }
    log_.write(telemetry::Level::kDebug, "model_not_loaded",
               {{"model", operation.name},
                {"status", int64_t{status}},
                {"detail", model.error().message()}});
    forget(kept, operation.name);
    answer(operation, status, model.error().message());
    return;
  }
  log_.write(telemetry::Level::kDebug, "model_loaded",
             {{"model", operation.name},
              {"bytes", kept.file_bytes},
              {"us", (clock_.now_ns() - begun) / base::kNanosecondsPerMicrosecond}});
  publish(kept, false);
}

base::Result<std::unique_ptr<LoadedModel>> ModelKeeper::read(const ModelOperation& operation,
                                                             Kept& kept) {
  RM_ASSIGN(const std::string path, root_.resolve(operation.url));
  kept.file_bytes = bytes_on_disk(path);
  const uint64_t needed = MemoryBudget::needed(kept.file_bytes);
  if (!budget_.reserve(needed)) {
    return base::fail(base::ErrorCode::kExhausted,
                      fmt::format("loading this model may take {:.1f} MiB, and {:.1f} MiB are left "
                                  "for models; unload others first",
                                  mebibytes(needed), mebibytes(budget_.room())));
  }
  const auto build = [&]() -> base::Result<std::unique_ptr<LoadedModel>> {
    auto model = read_model(path, {.cancelled = &stopping_, .ensemble = options_.ensemble});
    if (!model) {
      return base::fail(of_the_model(model.error()));
    }
    auto predictor = prepare_predictor(std::move(*model), options_.instruction_set);
    if (!predictor) {
      return base::fail(of_the_model(predictor.error().within(place_of_model(path))));
    }
    if (const auto given = options_.outputs.check((*predictor)->output()); !given) {
      return base::fail(base::ErrorCode::kInvalidInput, given.error().within("outputs").message());
    }
    log_model_files(log_, path, options_.ensemble);
    return std::make_unique<LoadedModel>(
        LoadedModel{operation.name, operation.url, std::move(*predictor)});
  };
  base::Result<std::unique_ptr<LoadedModel>> model = nullptr;
  try {
    model = build();
  } catch (const std::bad_alloc&) {
    model = base::fail(base::ErrorCode::kExhausted, "there is no memory left for this model");
  }
  budget_.release(needed);
  return model;
}

void ModelKeeper::publish(Kept& kept, bool leaves) {
  kept.change =
      std::make_unique<ModelChange>(*kept.model, leaves, options_.shards, [this, &kept, leaves] {
        // By the last shard: the rest is done here.
        go_on([this, &kept, leaves] { leaves ? left(kept) : arrived(kept); });
      });
  ModelChange* const change = kept.change.get();
  for (size_t shard = 0; shard < options_.shards; ++shard) {
    tell(shard, {.kind = ShardMessage::Kind::kModelChange, .change = change});
  }
}

void ModelKeeper::arrived(Kept& kept) {
  ModelOperation* operation = nullptr;
  std::vector<ModelOperation*> waiting;
  {
    const std::lock_guard lock(mutex_);
    kept.state = Kept::State::kReady;
    kept.change.reset();
    std::swap(operation, kept.operation);
    waiting.swap(kept.waiting);
    metrics_.models.set(metrics_.models.value() + 1);
    metrics_.loads.add();
  }
  answer(*operation, 200);
  for (ModelOperation* one : waiting) {
    go_on([this, one] { work_on(*one); });
  }
}

void ModelKeeper::left(Kept& kept) {
  ModelOperation& operation = *kept.operation;
  log_.write(telemetry::Level::kDebug, "model_unloaded", {{"model", operation.name}});
  free_memory(kept);
  {
    const std::lock_guard lock(mutex_);
    metrics_.unloads.add();
  }
  forget(kept, operation.name);
  answer(operation, 200);
}

void ModelKeeper::free_memory(Kept& kept) {
  kept.change.reset();
  kept.model.reset();
  bool worth_it = false;
  {
    const std::lock_guard lock(mutex_);
    bytes_freed_ += kept.file_bytes;
    worth_it = bytes_freed_ >= kBytesWorthGivingBack;
    bytes_freed_ = worth_it ? 0 : bytes_freed_;
  }
  if (worth_it) {
    ::malloc_trim(0);
  }
}

/// The name is free again, for those who wait too.
void ModelKeeper::forget(Kept& kept, const std::string& name) {
  std::vector<ModelOperation*> waiting;
  {
    const std::lock_guard lock(mutex_);
    waiting.swap(kept.waiting);
    models_.erase(name);
  }
  for (ModelOperation* one : waiting) {
    go_on([this, one] { work_on(*one); });
  }
}

void ModelKeeper::answer(ModelOperation& operation, int status, std::string sentence) {
  operation.status = status;
  operation.sentence = std::move(sentence);
  tell(operation.shard, {.kind = ShardMessage::Kind::kModelOperation, .operation = &operation});
}

/// Only helper threads come here: a shard must never wait for a mailbox, least of all its own.
void ModelKeeper::tell(size_t shard, const ShardMessage& message) const {
  while (!options_.post(shard, message)) {
    std::this_thread::yield();
  }
}

// ---- What there is

std::pair<std::vector<ModelKeeper::Entry>, bool> ModelKeeper::list(size_t limit,
                                                                   std::string_view after) const {
  std::vector<Entry> entries;
  const std::lock_guard lock(mutex_);
  for (auto at = models_.upper_bound(after); at != models_.end(); ++at) {
    if (at->second->state != Kept::State::kReady) {
      continue;
    }
    if (entries.size() == limit) {
      return {std::move(entries), true};
    }
    entries.push_back({at->first, at->second->model->url});
  }
  return {std::move(entries), false};
}

std::optional<std::string> ModelKeeper::url_of(std::string_view name) const {
  const std::lock_guard lock(mutex_);
  const auto found = models_.find(name);
  if (found == models_.end() || found->second->state != Kept::State::kReady) {
    return std::nullopt;
  }
  return found->second->model->url;
}

}  // namespace ringmaker::serve
