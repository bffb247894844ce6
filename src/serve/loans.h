// Loans: blocks of a shard's large payloads that another shard scores, which rests.
//
//   LargeInvocations ──offer()──▶ Loan ──mailbox──▶ LoanWork ──mailbox──▶ take_back()
//
// So one payload keeps more than one core busy where others have nothing to do. A shard that rests
// no longer goes on with what it was lent, a slice a turn, behind its own work.
#pragma once

#include "base/object_pool.h"
#include "batch/lent_block.h"
#include "serve/invocation.h"
#include "serve/model_table.h"

#include <cstddef>
#include <functional>
#include <optional>
#include <vector>

namespace ringmaker::serve {

/// Owned by the shard that lends; in the hands of one shard at a time.
struct Loan {
  batch::LentBlock block;
  size_t lender = 0;
  ShardModel* model = nullptr;       // in use as long as it is out
  Invocation* invocation = nullptr;  // of block.owner, while that is not null
};

/// Who may be lent something. Not thread-safe: one a shard.
class RestingShards {
 public:
  virtual ~RestingShards() = default;
  /// One that has had nothing to do for a while, and is counted as helping from here on.
  [[nodiscard]] virtual std::optional<size_t> choose() = 0;
  /// To the shard chosen; false: it cannot take it, and helps no more.
  [[nodiscard]] virtual bool lend(size_t shard, Loan& loan) = 0;
};

/// The side that lends. Not thread-safe: one a shard.
class Loans {
 public:
  /// A block that is scored sooner is not worth two messages.
  static constexpr uint64_t kWorthNs = 100'000;

  /// `resting` null: there is no other shard.
  Loans(ModelTable& models, RestingShards* resting) : models_(models), resting_(resting) {}

  /// Lends what there is to lend of its payload, and as much as others take.
  void offer(Invocation& invocation);
  /// It is back. The invocation whose rows they are; null: that is over.
  [[nodiscard]] Invocation* take_back(Loan& loan);
  [[nodiscard]] bool any_out() const noexcept { return pool_.in_hand() > 0; }

 private:
  ModelTable& models_;
  RestingShards* resting_;
  base::ObjectPool<Loan> pool_;
};

/// The side that helps. Not thread-safe: one a shard.
class LoanWork {
 public:
  /// Sends one home; false: not now.
  using SendHome = std::function<bool(Loan&)>;
  explicit LoanWork(SendHome send_home) : send_home_(std::move(send_home)) {}

  void take(Loan& loan) { loans_.push_back(&loan); }
  [[nodiscard]] bool pending() const noexcept { return !loans_.empty(); }
  /// One slice, if there is any.
  void work();

 private:
  SendHome send_home_;
  std::vector<Loan*> loans_;  // oldest first, few
};

}  // namespace ringmaker::serve
