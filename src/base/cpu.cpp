#include "base/cpu.h"

#include "base/check.h"

#include <sched.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <string>

namespace ringmaker::base {
namespace {

#if defined(__x86_64__)
constexpr std::array kSetsOfThisKindOfCpu{InstructionSet::kPortable, InstructionSet::kAvx2,
                                          InstructionSet::kAvx512};
#elif defined(__aarch64__)
constexpr std::array kSetsOfThisKindOfCpu{InstructionSet::kPortable, InstructionSet::kNeon};
#else
constexpr std::array kSetsOfThisKindOfCpu{InstructionSet::kPortable};
#endif

InstructionSet best_instruction_set() noexcept {
#if defined(__x86_64__)
  __builtin_cpu_init();
  const bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
                    __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2");
  const bool avx512 = avx2 && __builtin_cpu_supports("avx512f") &&
                      __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512cd") &&
                      __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
  if (avx512) {
    return InstructionSet::kAvx512;
  }
  return avx2 ? InstructionSet::kAvx2 : InstructionSet::kPortable;
#elif defined(__aarch64__)
  return InstructionSet::kNeon;
#else
  return InstructionSet::kPortable;
#endif
}

std::string first_line(const std::string& path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  return line;
}

std::optional<double> parse_number(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc()) {
    return std::nullopt;
  }
  return value;
}

}  // namespace

std::optional<double> cpu_quota(std::string_view cgroup_root) {
  const std::string root(cgroup_root);
  const std::string v2 = first_line(root + "/cpu.max");
  if (const size_t blank = v2.find(' '); blank != std::string::npos) {
    const auto quota = parse_number(std::string_view(v2).substr(0, blank));
    const auto period = parse_number(std::string_view(v2).substr(blank + 1));
    if (quota && period && *period > 0) {
      return *quota / *period;
    }
    return std::nullopt;
  }
  const auto quota = parse_number(first_line(root + "/cpu/cpu.cfs_quota_us"));
  const auto period = parse_number(first_line(root + "/cpu/cpu.cfs_period_us"));
  if (quota && period && *quota > 0 && *period > 0) {
    return *quota / *period;
  }
  return std::nullopt;
}

std::string_view name(InstructionSet set) noexcept {
  switch (set) {
    case InstructionSet::kPortable:
      return "portable";
    case InstructionSet::kNeon:
      return "neon";
    case InstructionSet::kAvx2:
      return "avx2";
    case InstructionSet::kAvx512:
      return "avx512";
  }
  RM_UNREACHABLE();
}

InstructionSet detect_instruction_set() noexcept {
  static const InstructionSet kDetected = [] {
    const InstructionSet best = best_instruction_set();
    const char* wanted = std::getenv("RINGMAKER_ISA");  // NOLINT(concurrency-mt-unsafe)
    if (wanted == nullptr) {
      return best;
    }
    for (const InstructionSet set : kSetsOfThisKindOfCpu) {
      if (name(set) == wanted) {
        return std::min(set, best);
      }
    }
    return best;
  }();
  return kDetected;
}

bool has_byte_permutes() noexcept {
#if defined(__x86_64__)
  __builtin_cpu_init();
  return __builtin_cpu_supports("avx512vbmi") != 0;
#else
  return false;
#endif
}

std::vector<int> allowed_cpus() {
  // The kernel refuses a mask smaller than its own with EINVAL: double until it fits.
  for (int bits = 1024; bits <= (1 << 20); bits *= 2) {
    cpu_set_t* set = CPU_ALLOC(bits);
    const size_t bytes = CPU_ALLOC_SIZE(bits);
    RM_CHECK(set != nullptr);
    std::vector<int> cpus;
    const bool ok = ::sched_getaffinity(0, bytes, set) == 0;
    for (int cpu = 0; ok && cpu < bits; ++cpu) {
      if (CPU_ISSET_S(static_cast<size_t>(cpu), bytes, set)) {
        cpus.push_back(cpu);
      }
    }
    CPU_FREE(set);
    if (ok) {
      return cpus;
    }
  }
  return {};
}

size_t usable_cpu_count(std::string_view cgroup_root) {
  size_t count = std::max<size_t>(1, allowed_cpus().size());
  if (const auto quota = cpu_quota(cgroup_root)) {
    count = std::min(count, static_cast<size_t>(std::max(1.0, std::ceil(*quota))));
  }
  return count;
}

std::optional<uint64_t> memory_limit_bytes(std::string_view cgroup_root) {
  const std::string root(cgroup_root);
  for (const char* file : {"/memory.max", "/memory/memory.limit_in_bytes"}) {
    const std::string line = first_line(root + file);
    uint64_t bytes = 0;
    const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), bytes);
    // cgroup v1 writes "no limit" as a huge page-aligned number.
    if (error == std::errc() && bytes < (uint64_t{1} << 62)) {
      return bytes;
    }
  }
  return std::nullopt;
}

}  // namespace ringmaker::base
