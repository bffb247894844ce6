#include "serve/shard.h"

#include <algorithm>

namespace ringmaker::serve {
namespace {

constexpr size_t kMailboxCapacity = 1024;

}  // namespace

size_t Placement::choose(size_t own) noexcept {
  size_t best = own;
  uint32_t fewest = connections(own);
  for (size_t i = 0; i < counts_.size(); ++i) {
    if (connections(i) < fewest) {
      best = i;
      fewest = connections(i);
    }
  }
  counts_[best].fetch_add(1, std::memory_order_relaxed);
  return best;
}

std::optional<size_t> Placement::choose_helper(size_t own, uint64_t now_ns) noexcept {
  for (size_t i = 0; i < helpers_.size(); ++i) {
    Helper& helper = helpers_[i];
    const uint64_t worked = helper.worked_ns.load(std::memory_order_relaxed);
    if (i == own || now_ns < worked + kRestNs) {
      continue;
    }
    if (helper.loans.fetch_add(1, std::memory_order_relaxed) < kLoansMax) {
      return i;
    }
    end_loan(i);
  }
  return std::nullopt;
}

bool Placement::empty() const noexcept {
  return std::all_of(counts_.begin(), counts_.end(), [](const std::atomic<uint32_t>& count) {
    return count.load(std::memory_order_relaxed) == 0;
  });
}

Shard::Shard(size_t index, const base::Clock& clock, std::unique_ptr<io::Backend> backend,
             const ShardSurroundings& surroundings, const ShardOptions& options,
             ShardMetrics& metrics)
    : index_(index),
      placement_(surroundings.placement),
      metrics_(metrics),
      log_(surroundings.log),
      backend_(std::move(backend)),
      reactor_(clock, *backend_, options.reactor),
      models_(surroundings.predictor, options.invocations.batch),
      invocations_(reactor_, models_, this, options.invocations, metrics, log_),
      model_routes_(index, reactor_, surroundings.models, metrics, invocations_.access(),
                    options.invocations.error_detail_brief),
      streams_(reactor_, models_, invocations_, options.streams, log_),
      sessions_(index, options.sessions, surroundings.sessions, reactor_, models_, invocations_,
                [&placement = surroundings.placement](size_t shard, SessionClosing& closing) {
                  return placement.at(shard).post(
                      {.kind = ShardMessage::Kind::kSessionClosing, .session = &closing});
                }),
      router_(reactor_, models_, invocations_, model_routes_, streams_, sessions_,
              surroundings.state, surroundings.registry, metrics, log_),
      server_(reactor_, router_, options.http),
      loan_work_([this](Loan& loan) { return send_home(loan); }),
      mailbox_(*backend_, kMailboxCapacity) {
  bulk_.reserve(64);
  placement_.set(index, this);
}

void Shard::listen(io::Descriptor listener) {
  listener_ = std::move(listener);
  backend_->start_accepting(listener_.get());
}

bool Shard::turn() {
  const bool close_listener = listener_closing_;  // asked for in an earlier turn
  const bool own_work = invocations_.work_pending() || server_.work_pending() ||
                        sessions_.work_pending() || listener_closing_;
  const auto completions = reactor_.turn(own_work || loan_work_.pending());
  if (own_work || !std::all_of(completions.begin(), completions.end(), [](const auto& one) {
        return one.kind == io::CompletionKind::kWoken;
      })) {
    placement_.note_work(index_, reactor_.now_ns());
  }
  for (const io::Completion& completion : completions) {
    if (is_bulk(completion)) {
      bulk_.push_back(completion);
    } else {
      take(completion);
    }
  }
  if (close_listener) {
    stop_listening();
  }
  invocations_.work_on_batch(completions.empty());
  if (!bulk_.empty()) {
    // Small requests are on their way before anything long begins.
    server_.finish_turn();
    for (const io::Completion& completion : bulk_) {
      take(completion);
    }
    bulk_.clear();
  }
  invocations_.work_on_large();
  invocations_.end_turn();
  sessions_.work();
  server_.finish_turn();
  loan_work_.work();
  models_.tidy();
  // A connection shed for lack of a descriptor is no completion.
  if (!completions.empty() || backend_->stats().connections_shed !=
                                  metrics_.error(ErrorReason::kDescriptorsExhausted).value()) {
    publish_counts();
  }
  return !stopped_;
}

/// Takes long to decode, or comes behind what does on the same stream.
bool Shard::is_bulk(const io::Completion& completion) const noexcept {
  constexpr size_t kBulkBytesMin = 8 * 1024;
  if (completion.kind == io::CompletionKind::kReceived &&
      completion.bytes.size() >= kBulkBytesMin) {
    return true;
  }
  return completion.stream != io::kNoStream &&
         std::any_of(bulk_.begin(), bulk_.end(), [&](const io::Completion& before) {
           return before.stream == completion.stream;
         });
}

void Shard::take(const io::Completion& completion) {
  switch (completion.kind) {
    case io::CompletionKind::kAccepted:
      place(completion.result);
      break;
    case io::CompletionKind::kWoken:
      take_mail();
      break;
    case io::CompletionKind::kClosed:
      placement_.leave(index_);
      server_.handle(completion);
      break;
    case io::CompletionKind::kReceived:
    case io::CompletionKind::kSent:
      server_.handle(completion);
      break;
  }
}

void Shard::place(int descriptor) {
  const size_t chosen = placement_.choose(index_);
  if (chosen != index_ && placement_.at(chosen).post({.descriptor = descriptor})) {
    return;
  }
  if (chosen != index_) {
    // Its mailbox is full: better served here than not at all.
    placement_.leave(chosen);
    (void)placement_.choose(index_);
  }
  adopt(descriptor);
}

void Shard::adopt(int descriptor) {
  if (!server_.adopt(descriptor)) {
    placement_.leave(index_);
  }
}

void Shard::take_mail() {
  ShardMessage message;
  while (mailbox_.take(message)) {
    switch (message.kind) {
      case ShardMessage::Kind::kAdopt:
        adopt(message.descriptor);
        break;
      case ShardMessage::Kind::kModelChange:
        models_.apply(*message.change);
        break;
      case ShardMessage::Kind::kModelOperation:
        model_routes_.on_done(*message.operation);
        break;
      case ShardMessage::Kind::kSessionClosing:
        sessions_.heed(*message.session);
        break;
      case ShardMessage::Kind::kLoan:
        loan_work_.take(*message.loan);
        break;
      case ShardMessage::Kind::kLoanBack:
        invocations_.on_loan_back(*message.loan);
        break;
      case ShardMessage::Kind::kDrain:
        router_.begin_drain();
        server_.begin_drain();
        break;
      case ShardMessage::Kind::kHasten:
        server_.hasten_drain();
        break;
      case ShardMessage::Kind::kTurnAway:
        if (listener_ && !io::turn_newcomers_away(listener_.get())) {
          log_.write(telemetry::Level::kDebug, "newcomers_not_turned_away",
                     {{"detail", "the kernel takes no filter"}});
        }
        break;
      case ShardMessage::Kind::kStopListening:
        backend_->stop_accepting();
        listener_closing_ = static_cast<bool>(listener_);
        break;
      case ShardMessage::Kind::kStop:
        stopped_ = true;
        break;
    }
  }
}

std::optional<size_t> Shard::choose() {
  return placement_.choose_helper(index_, reactor_.now_ns());
}

bool Shard::lend(size_t shard, Loan& loan) {
  loan.lender = index_;
  if (placement_.at(shard).post({.kind = ShardMessage::Kind::kLoan, .loan = &loan})) {
    return true;
  }
  placement_.end_loan(shard);
  return false;
}

bool Shard::send_home(Loan& loan) {
  if (!placement_.at(loan.lender).post({.kind = ShardMessage::Kind::kLoanBack, .loan = &loan})) {
    return false;
  }
  placement_.end_loan(index_);
  return true;
}

/// The backend accepts no more; what the kernel has queued is taken by hand, because closing a
/// listener resets it.
void Shard::stop_listening() {
  listener_closing_ = false;
  while (io::Descriptor waiting = io::accept_waiting(listener_.get())) {
    place(waiting.release());
  }
  listener_.reset();
}

bool Shard::quiet() const noexcept {
  return !listener_ && server_.connections() == 0 && !invocations_.work_pending() &&
         !invocations_.loans_out() && !loan_work_.pending();
}

void Shard::publish_counts() {
  const http::ServerStats& stats = server_.stats();
  metrics_.connections.set(server_.connections());
  metrics_.connections_opened.set(stats.connections_opened);
  metrics_.error(ErrorReason::kConnectionRefused).set(stats.connections_refused);
  metrics_.inflight.set(server_.exchanges_in_hand());
  const io::BackendStats& io = backend_->stats();
  metrics_.completion_overflows.set(io.completion_overflows);
  metrics_.buffers_exhausted.set(io.buffers_exhausted);
  metrics_.receive_rearms.set(io.receive_rearms);
  telemetry::Counter& shed = metrics_.error(ErrorReason::kDescriptorsExhausted);
  if (io.connections_shed != shed.value()) {
    shed.set(io.connections_shed);
    log_.write(telemetry::Level::kWarn, "descriptors_exhausted",
               {{"detail", "a connection was turned away; raise RLIMIT_NOFILE (ulimit -n)"}});
  }
}

}  // namespace ringmaker::serve
