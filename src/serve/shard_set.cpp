#include "serve/shard_set.h"

#include "base/check.h"
#include "base/cpu.h"
#include "base/thread.h"
#include "io/thread_placement.h"
#include "serve/model_keeper.h"

#include <fmt/core.h>

#include <algorithm>
#include <atomic>
#include <optional>
#include <utility>

namespace ringmaker::serve {

/// A shard's thread, and what it needs to build the shard there.
class ShardSet::ShardThread {
 public:
  ShardThread(ShardSet& set, size_t index)
      : set_(set), index_(index), choice_(set.options_.backend) {}
  ~ShardThread() {
    if (thread_.joinable()) {
      thread_.join();
    }
  }
  ShardThread(const ShardThread&) = delete;
  ShardThread& operator=(const ShardThread&) = delete;

  [[nodiscard]] base::Result<void> start(int cpu) {
    RM_ASSIGN(thread_, base::start_thread([this, cpu] { run(cpu); }));
    return {};
  }

  // After the latch built_:
  [[nodiscard]] const io::BackendChoice& choice() const noexcept { return choice_; }
  [[nodiscard]] const std::optional<base::Error>& error() const noexcept { return error_; }
  [[nodiscard]] bool quiet() const noexcept { return quiet_.load(std::memory_order_acquire); }
  void post(const ShardMessage& message) noexcept {
    while (!shard_->post(message)) {
      std::this_thread::yield();
    }
  }

 private:
  void run(int cpu) {
    io::name_this_thread(fmt::format("shard-{}", index_));
    if (const auto pinned = io::pin_this_thread(cpu); !pinned) {
      set_.surroundings_.log.write(telemetry::Level::kDebug, "not_pinned",
                                   {{"detail", pinned.error().message()}});
    }
    auto backend = io::make_backend(choice_, set_.clock_, set_.options_.backend_options);
    std::unique_ptr<Shard> shard;
    if (backend) {
      shard = std::make_unique<Shard>(index_, set_.clock_, std::move(*backend), set_.surroundings_,
                                      set_.options_.shard, *set_.metrics_[index_]);
      shard_ = shard.get();
    } else {
      error_ = backend.error();
    }
    set_.built_.count_down();
    set_.go_.wait();
    if (set_.accepts_) {
      shard->listen(std::move(set_.listeners_[index_]));
      while (shard->turn()) {
        quiet_.store(shard->quiet(), std::memory_order_release);
      }
    }
    set_.over_.arrive_and_wait();
  }

  ShardSet& set_;
  size_t index_;
  io::BackendChoice choice_;
  Shard* shard_ = nullptr;
  std::optional<base::Error> error_;
  std::atomic<bool> quiet_{false};
  std::thread thread_;
};

ShardSet::ShardSet(ShardSetOptions options, std::vector<io::Descriptor> listeners,
                   const base::Clock& clock, const ShardSurroundings& surroundings)
    : options_(std::move(options)),
      listeners_(std::move(listeners)),
      clock_(clock),
      surroundings_(surroundings),
      built_(static_cast<ptrdiff_t>(listeners_.size())),
      over_(static_cast<ptrdiff_t>(listeners_.size()) + 1) {
  for (size_t i = 0; i < listeners_.size(); ++i) {
    metrics_.push_back(std::make_unique<ShardMetrics>());
  }
}

ShardSet::~ShardSet() { stop(); }

base::Result<void> ShardSet::start() {
  const std::vector<int> cpus = base::allowed_cpus();
  for (size_t i = 0; i < size(); ++i) {
    const int cpu = cpus.empty() ? static_cast<int>(i) : cpus[i % cpus.size()];
    auto thread = std::make_unique<ShardThread>(*this, i);
    RM_TRY(thread->start(cpu));
    threads_.push_back(std::move(thread));
  }
  built_.wait();
  for (const auto& thread : threads_) {
    if (thread->error()) {
      return base::fail(*thread->error());
    }
  }
  return {};
}

void ShardSet::accept() noexcept {
  accepts_ = true;
  go_.count_down();
}

void ShardSet::stop() {
  if (std::exchange(stopped_, true)) {
    return;
  }
  surroundings_.models.stop();  // it posts to shards, which must be there
  if (accepts_) {
    tell({.kind = ShardMessage::Kind::kStop});
  } else {
    go_.count_down();
  }
  const auto missing = static_cast<ptrdiff_t>(size() - threads_.size());
  over_.count_down(missing + 1);
  threads_.clear();
}

void ShardSet::tell(const ShardMessage& message) noexcept {
  RM_CHECK(accepts_);
  for (const auto& thread : threads_) {
    thread->post(message);
  }
}

/// A shard that is quiet may have a connection in its mailbox, from one that was not yet.
bool ShardSet::quiet() const noexcept {
  return std::all_of(threads_.begin(), threads_.end(),
                     [](const auto& thread) { return thread->quiet(); }) &&
         surroundings_.placement.empty();
}

std::string ShardSet::backends() const {
  std::vector<std::string> of_shards;
  of_shards.reserve(threads_.size());
  for (const auto& thread : threads_) {
    of_shards.push_back(thread->choice().description);
  }
  return backends_text(of_shards);
}

std::string backends_text(const std::vector<std::string>& of_shards) {
  std::string text;
  for (auto at = of_shards.begin(); at != of_shards.end(); ++at) {
    if (std::find(of_shards.begin(), at, *at) != at) {
      continue;
    }
    const auto count = std::count(at, of_shards.end(), *at);
    if (static_cast<size_t>(count) == of_shards.size()) {
      return *at;
    }
    text += fmt::format("{}{} ({} shard{})", text.empty() ? "" : ", ", *at, count,
                        count == 1 ? "" : "s");
  }
  return text;
}

}  // namespace ringmaker::serve
