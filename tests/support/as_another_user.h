// AsAnotherUser: while it lives, this process is a user whom nothing belongs to.
#pragma once

#include "base/check.h"

#include <sys/types.h>
#include <unistd.h>

namespace ringmaker::test {

/// Only root can become somebody else.
[[nodiscard]] inline bool can_be_another_user() { return ::geteuid() == 0; }

/// For one test at a time, in all its threads.
class AsAnotherUser {
 public:
  AsAnotherUser() { RM_CHECK(::seteuid(65531) == 0); }
  ~AsAnotherUser() { RM_CHECK(::seteuid(0) == 0); }
  AsAnotherUser(const AsAnotherUser&) = delete;
  AsAnotherUser& operator=(const AsAnotherUser&) = delete;
};

}  // namespace ringmaker::test
