#include "base/check.h"

#include <cstdio>
#include <cstdlib>

namespace ringmaker::base {

void check_failed(const char* condition, const char* file, int line) noexcept {
  std::fprintf(stderr, "ringmaker: internal error: check failed: %s (%s:%d)\n", condition, file,
               line);
  std::fflush(stderr);
  std::abort();
}

}  // namespace ringmaker::base
