// What this process may use of the machine: instruction sets, cores, memory.
//
// A container's share is what counts: affinity mask and cgroup quota (v2 and v1), not the machine.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace ringmaker::base {

/// Each set includes the portable one. Ordered: a larger x86 value includes the smaller.
enum class InstructionSet : uint8_t {
  kPortable,  // x86-64-v2, or ARM version 8.2 without intrinsics
  kNeon,      // of ARM, whose every CPU has it
  kAvx2,      // x86-64-v3: AVX2, FMA, BMI
  kAvx512,    // x86-64-v4: AVX-512 F, BW, CD, DQ, VL
};

[[nodiscard]] std::string_view name(InstructionSet set) noexcept;

/// The best set of this CPU, or the lower one that RINGMAKER_ISA (portable, neon, avx2, avx512)
/// asks for.
[[nodiscard]] InstructionSet detect_instruction_set() noexcept;

/// Whether this CPU has AVX-512 VBMI, which shuffles bytes across a whole register.
[[nodiscard]] bool has_byte_permutes() noexcept;

/// The CPUs this thread may run on (its affinity mask).
[[nodiscard]] std::vector<int> allowed_cpus();

/// Where cgroups are mounted, and which ones this process is in; replaced in tests.
struct CgroupPlace {
  std::string_view root = "/sys/fs/cgroup";
  std::string_view membership = "/proc/self/cgroup";
};

/// How many threads are worth starting: the affinity mask's size, limited by the cgroup quota
/// rounded up; at least 1.
[[nodiscard]] size_t usable_cpu_count(const CgroupPlace& place = {});

/// CPUs the cgroup's quota is worth, from cpu.max ("150000 100000" or "max 100000") or its v1
/// pair; nothing when there is none. Of this cgroup and those above it the smallest counts.
[[nodiscard]] std::optional<double> cpu_quota(const CgroupPlace& place = {});

/// The memory limit in bytes, of this cgroup and those above it the smallest; nothing when there is
/// none.
[[nodiscard]] std::optional<uint64_t> memory_limit_bytes(const CgroupPlace& place = {});

}  // namespace ringmaker::base
