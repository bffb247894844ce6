#include "base/huge_pages.h"

#include <sys/mman.h>

#include <cstdint>

namespace ringmaker::base {
namespace {

constexpr size_t kHugePageBytes = size_t{2} << 20U;
constexpr size_t kBytesMin = 4 * kHugePageBytes;

}  // namespace

void prefer_huge_pages(void* memory, size_t bytes) noexcept {
  if (bytes < kBytesMin) {
    return;
  }
  const auto begin = reinterpret_cast<uintptr_t>(memory);
  const uintptr_t first = (begin + kHugePageBytes - 1) / kHugePageBytes * kHugePageBytes;
  const uintptr_t last = (begin + bytes) / kHugePageBytes * kHugePageBytes;
  ::madvise(static_cast<char*>(memory) + (first - begin), last - first, MADV_HUGEPAGE);
}

}  // namespace ringmaker::base
