#include "serve/descriptor_limit.h"

#include <fmt/core.h>
#include <sys/resource.h>

#include <algorithm>

namespace ringmaker::serve {
namespace {

constexpr uint64_t kReservedMin = 64;
constexpr uint64_t kOfTheProcess = 24;
constexpr uint64_t kOfAShard = 4;
constexpr uint64_t kUseful = 65'536;

}  // namespace

uint64_t descriptors_reserved(size_t shards) noexcept {
  return std::max(kReservedMin, kOfTheProcess + kOfAShard * shards);
}

uint64_t descriptors_min(size_t shards) noexcept { return descriptors_reserved(shards) + shards; }

base::Result<uint64_t> connections_allowed(uint64_t descriptors, size_t shards) {
  if (descriptors < descriptors_min(shards)) {
    return base::fail(
        base::ErrorCode::kPlatform,
        fmt::format("RLIMIT_NOFILE is {}, which leaves no descriptors for connections; {} {} {} at "
                    "least {}, better 1024 (ulimit -n 1024)",
                    descriptors, shards, shards == 1 ? "shard" : "shards",
                    shards == 1 ? "needs" : "need", descriptors_min(shards)));
  }
  return std::min(descriptors, kUseful) - descriptors_reserved(shards);
}

uint64_t raise_descriptor_limit() noexcept {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  rlimit raised = limit;
  raised.rlim_cur = std::min<rlim_t>(limit.rlim_max, kUseful);
  if (raised.rlim_cur > limit.rlim_cur && ::setrlimit(RLIMIT_NOFILE, &raised) == 0) {
    limit = raised;
  }
  return limit.rlim_cur;
}

}  // namespace ringmaker::serve
