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

/// Nothing where there is no limit: a quota of "max" or -1.
std::optional<double> quotient(std::string_view quota_text, std::string_view period_text) {
  const auto quota = parse_number(quota_text);
  const auto period = parse_number(period_text);
  if (!quota || !period || *quota <= 0 || *period <= 0) {
    return std::nullopt;
  }
  return *quota / *period;
}

template <class T>
void keep_least(std::optional<T>& least, const std::optional<T>& one) {
  if (one && (!least || *one < *least)) {
    least = one;
  }
}

/// Whether `name` is one of a list with commas between.
bool lists(std::string_view list, std::string_view name) {
  while (!list.empty()) {
    const size_t comma = std::min(list.find(','), list.size());
    if (list.substr(0, comma) == name) {
      return true;
    }
    list.remove_prefix(std::min(comma + 1, list.size()));
  }
  return false;
}

/// Where this process stands below a hierarchy, such as "/kubepods/pod7/app"; empty at its root. A
/// line is "7:cpu,cpuacct:/path", or "0::/path" for version 2.
std::string own_path(const CgroupPlace& place, std::string_view controller) {
  std::ifstream file{std::string(place.membership)};
  for (std::string line; std::getline(file, line);) {
    const size_t first = line.find(':');
    const size_t second = line.find(':', first + 1);
    if (first == std::string::npos || second == std::string::npos) {
      continue;
    }
    const std::string_view controllers =
        std::string_view(line).substr(first + 1, second - first - 1);
    if (controller.empty() ? controllers.empty() : lists(controllers, controller)) {
      std::string path = line.substr(second + 1);
      // Who stands outside his own namespace of cgroups is told "/..": the mount has nothing there.
      const bool below = path.starts_with('/') && path.find("/..") == std::string::npos;
      return below && path != "/" ? path : "";
    }
  }
  return "";
}

/// The folders whose limits all hold for this process, from its own up to the root of the mount,
/// which is the own one where a container has a mount of its own. `controller`: of version 1, or
/// empty for version 2. Not all need exist.
std::vector<std::string> own_folders(const CgroupPlace& place, std::string_view controller) {
  std::string root(place.root);
  if (!controller.empty()) {
    root.append("/").append(controller);
  }
  std::vector<std::string> folders;
  for (std::string path = own_path(place, controller); !path.empty();
       path.resize(path.rfind('/'))) {
    folders.push_back(root + path);
  }
  folders.push_back(std::move(root));
  return folders;
}

}  // namespace

std::optional<double> cpu_quota(const CgroupPlace& place) {
  std::optional<double> least;
  for (const std::string& folder : own_folders(place, "")) {
    const std::string line = first_line(folder + "/cpu.max");
    const size_t blank = line.find(' ');
    if (blank != std::string::npos) {
      keep_least(least, quotient(std::string_view(line).substr(0, blank),
                                 std::string_view(line).substr(blank + 1)));
    }
  }
  for (const std::string& folder : own_folders(place, "cpu")) {
    keep_least(least, quotient(first_line(folder + "/cpu.cfs_quota_us"),
                               first_line(folder + "/cpu.cfs_period_us")));
  }
  return least;
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

size_t usable_cpu_count(const CgroupPlace& place) {
  size_t count = std::max<size_t>(1, allowed_cpus().size());
  if (const auto quota = cpu_quota(place)) {
    count = std::min(count, static_cast<size_t>(std::max(1.0, std::ceil(*quota))));
  }
  return count;
}

std::optional<uint64_t> memory_limit_bytes(const CgroupPlace& place) {
  std::optional<uint64_t> least;
  const auto look_at = [&least](const std::string& file) {
    const std::string line = first_line(file);
    uint64_t bytes = 0;
    const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), bytes);
    // cgroup v1 writes "no limit" as a huge page-aligned number.
    if (error == std::errc() && bytes < (uint64_t{1} << 62)) {
      keep_least(least, std::optional(bytes));
    }
  };
  for (const std::string& folder : own_folders(place, "")) {
    look_at(folder + "/memory.max");
  }
  for (const std::string& folder : own_folders(place, "memory")) {
    look_at(folder + "/memory.limit_in_bytes");
  }
  return least;
}

}  // namespace ringmaker::base
