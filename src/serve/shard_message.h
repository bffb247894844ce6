// ShardMessage: what one thread tells a shard through its mailbox.
#pragma once

#include "serve/model_change.h"
#include "serve/model_operation.h"

#include <cstdint>

namespace ringmaker::serve {

struct Loan;
struct SessionClosing;

struct ShardMessage {
  enum class Kind : uint8_t {
    kAdopt,           // take this connection
    kModelChange,     // a model comes or goes
    kModelOperation,  // an operation of this shard is over
    kSessionClosing,  // a session is over
    kLoan,            // score these rows for another shard
    kLoanBack,        // rows that were lent are scored
    kDrain,           // announce closes, let idle connections go
    kHasten,          // cut what makes no progress sooner
    kTurnAway,        // connections that are not begun yet are not to begin any more
    kStopListening,   // take what has been queued, then close the listener
    kStop,            // leave the loop
  } kind = Kind::kAdopt;
  int descriptor = -1;
  ModelChange* change = nullptr;
  ModelOperation* operation = nullptr;
  SessionClosing* session = nullptr;
  Loan* loan = nullptr;
};

}  // namespace ringmaker::serve
