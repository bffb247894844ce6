#include "serve/loans.h"

namespace ringmaker::serve {

void Loans::offer(Invocation& invocation) {
  batch::LargePayload& payload = *invocation.payload;
  while (resting_ != nullptr && payload.can_lend() &&
         invocation.rate().ns_for(payload.rows_per_block()) >= kWorthNs) {
    const std::optional<size_t> shard = resting_->choose();
    if (!shard) {
      return;
    }
    Loan& loan = pool_.take();
    payload.lend(loan.block, invocation.rate());
    loan.model = invocation.model;
    loan.invocation = &invocation;
    if (!resting_->lend(*shard, loan)) {
      payload.take_back(loan.block);
      pool_.give_back(loan);
      return;
    }
    models_.enter(*loan.model);
  }
}

Invocation* Loans::take_back(Loan& loan) {
  Invocation* const invocation = loan.block.owner == nullptr ? nullptr : loan.invocation;
  if (invocation != nullptr) {
    loan.block.owner->take_back(loan.block);
  } else {
    loan.block.release();
  }
  models_.leave(*loan.model);
  pool_.give_back(loan);
  return invocation;
}

void LoanWork::work() {
  if (loans_.empty()) {
    return;
  }
  Loan& loan = *loans_.front();
  if (!loan.block.done()) {
    loan.block.score_some();
  }
  if (loan.block.done() && send_home_(loan)) {
    loans_.erase(loans_.begin());
  }
}

}  // namespace ringmaker::serve
