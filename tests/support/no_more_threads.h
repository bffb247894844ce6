// NoMoreThreads: while it lives, this process cannot start a thread, as at a limit of processes:
// each would need a stack that fits into no address space.
#pragma once

#include "base/check.h"

#include <pthread.h>

#include <cstddef>

namespace ringmaker::test {

/// For one test at a time.
class NoMoreThreads {
 public:
  NoMoreThreads() {
    RM_CHECK(::pthread_getattr_default_np(&before_) == 0);
    pthread_attr_t huge;
    RM_CHECK(::pthread_getattr_default_np(&huge) == 0);
    RM_CHECK(::pthread_attr_setstacksize(&huge, size_t{1} << 47) == 0);
    RM_CHECK(::pthread_setattr_default_np(&huge) == 0);
    ::pthread_attr_destroy(&huge);
  }
  ~NoMoreThreads() {
    ::pthread_setattr_default_np(&before_);
    ::pthread_attr_destroy(&before_);
  }
  NoMoreThreads(const NoMoreThreads&) = delete;
  NoMoreThreads& operator=(const NoMoreThreads&) = delete;

 private:
  pthread_attr_t before_;
};

}  // namespace ringmaker::test
