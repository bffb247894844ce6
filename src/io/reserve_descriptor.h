// ReserveDescriptor: one descriptor kept for the moment when there are no others.
//
// A listener whose process is out of descriptors stays ready for ever. Giving up the reserve for
// an instant allows accepting and closing one waiting connection, so that its peer learns at once.
#pragma once

#include "io/socket.h"

namespace ringmaker::io {

class ReserveDescriptor {
 public:
  ReserveDescriptor();
  /// Accepts one connection of `listener` and closes it. False when none could be had. Never waits,
  /// whatever kind of listener it is, and leaves it as it was.
  bool shed_one(int listener) noexcept;

 private:
  Descriptor descriptor_;
};

}  // namespace ringmaker::io
