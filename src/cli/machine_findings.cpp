#include "cli/machine_findings.h"

#include "base/cpu.h"
#include "io/backend_choice.h"
#include "io/uring_features.h"
#include "serve/descriptor_limit.h"

#include <fmt/core.h>
#include <sys/resource.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>

namespace ringmaker::cli {
namespace {

using State = Finding::State;

std::string bytes_text(uint64_t bytes) {
  constexpr double kMebibyte = 1 << 20;
  return fmt::format("{:.0f} MiB", static_cast<double>(bytes) / kMebibyte);
}

void find_kernel(Findings& findings) {
  utsname names{};
  ::uname(&names);
  findings.push_back(
      {"system", "kernel", fmt::format("{} {} {}", names.sysname, names.release, names.machine)});
}

void find_io(const config::ServeOptions& options, Findings& findings) {
  const auto choice = io::choose_backend(options.io);
  if (choice) {
    findings.push_back({"io", "backend", choice->description});
  } else {
    findings.push_back({"io", "backend", "none", State::kProblem, choice.error().message()});
  }
  const io::UringReport uring = io::examine_uring();
  if (uring.refusal != 0) {
    const char* symbol = uring.refusal > 0 ? ::strerrorname_np(uring.refusal) : nullptr;
    findings.push_back(
        {"io", "io_uring",
         uring.refusal < 0
             ? "io_uring_setup did not answer within 2 s"
             : fmt::format("io_uring_setup answered {} ({})",
                           symbol != nullptr ? symbol : "an unknown error", uring.refusal),
         State::kNote, "epoll is used in its place, with the same answers"});
    return;
  }
  std::string present;
  std::string absent;
  for (const io::UringFeature& feature : uring.features) {
    std::string& list = feature.present ? present : absent;
    list += fmt::format("{}{}", list.empty() ? "" : " ", feature.name);
  }
  findings.push_back({"io", "io_uring", present});
  if (!absent.empty()) {
    findings.push_back({"io", "io_uring lacks", absent, State::kNote,
                        "a newer kernel has them; the backend does without, or epoll is used"});
  }
}

std::string_view cgroup_version(std::string_view root) {
  std::error_code none;
  const std::filesystem::path path(root);
  if (std::filesystem::exists(path / "cgroup.controllers", none)) {
    return "v2";
  }
  return std::filesystem::exists(path / "cpu", none) ||
                 std::filesystem::exists(path / "memory", none)
             ? "v1"
             : "none";
}

size_t shard_count(const config::ServeOptions& options, std::string_view cgroup_root) {
  return options.shards != 0 ? options.shards : base::usable_cpu_count({.root = cgroup_root});
}

void find_cpus(const config::ServeOptions& options, std::string_view cgroup_root,
               Findings& findings) {
  findings.push_back({"cpu", "online", fmt::format("{}", ::sysconf(_SC_NPROCESSORS_ONLN))});
  findings.push_back({"cpu", "affinity", ranges_of(base::allowed_cpus())});
  findings.push_back({"cpu", "cgroup", std::string(cgroup_version(cgroup_root))});
  const auto quota = base::cpu_quota({.root = cgroup_root});
  findings.push_back({"cpu", "quota", quota ? fmt::format("{:.2f} CPUs", *quota) : "none"});
  const size_t usable = base::usable_cpu_count({.root = cgroup_root});
  const size_t shards = shard_count(options, cgroup_root);
  Finding finding{"cpu", "shards", fmt::format("{}", shards)};
  if (shards > usable) {
    finding.state = State::kNote;
    finding.advice = fmt::format("only {} can run at a time; --shards 0 takes as many", usable);
  }
  findings.push_back(std::move(finding));
  findings.push_back(
      {"cpu", "instruction set", std::string(base::name(base::detect_instruction_set()))});
}

void find_memory(std::string_view cgroup_root, Findings& findings) {
  const auto pages = static_cast<uint64_t>(std::max(0L, ::sysconf(_SC_PHYS_PAGES)));
  const auto page_bytes = static_cast<uint64_t>(std::max(0L, ::sysconf(_SC_PAGESIZE)));
  findings.push_back({"memory", "machine", bytes_text(pages * page_bytes)});
  const auto limit = base::memory_limit_bytes({.root = cgroup_root});
  findings.push_back({"memory", "cgroup limit", limit ? bytes_text(*limit) : "none"});
}

std::string limit_text(rlim_t value) {
  return value == RLIM_INFINITY ? "unlimited" : fmt::format("{}", value);
}

void find_limits(const config::ServeOptions& options, std::string_view cgroup_root,
                 Findings& findings) {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  Finding descriptors{
      "limits", "descriptors",
      fmt::format("{} (up to {})", limit_text(limit.rlim_cur), limit_text(limit.rlim_max))};
  const uint64_t least = serve::descriptors_min(shard_count(options, cgroup_root));
  constexpr rlim_t kComfortable = 1024;
  if (limit.rlim_max < least) {
    descriptors.state = State::kProblem;
    descriptors.advice = fmt::format("serve needs {}; raise RLIMIT_NOFILE (ulimit -n)", least);
  } else if (limit.rlim_max < kComfortable) {
    descriptors.state = State::kNote;
    descriptors.advice = "few connections fit; raise RLIMIT_NOFILE (ulimit -n)";
  }
  findings.push_back(std::move(descriptors));
  ::getrlimit(RLIMIT_MEMLOCK, &limit);
  findings.push_back(
      {"limits", "locked memory",
       fmt::format("{} bytes (up to {})", limit_text(limit.rlim_cur), limit_text(limit.rlim_max))});
}

}  // namespace

std::string ranges_of(const std::vector<int>& numbers) {
  std::string text;
  for (size_t i = 0; i < numbers.size();) {
    size_t last = i;
    while (last + 1 < numbers.size() && numbers[last + 1] == numbers[last] + 1) {
      ++last;
    }
    text += fmt::format("{}{}", text.empty() ? "" : ",", numbers[i]);
    text += last == i ? "" : fmt::format("-{}", numbers[last]);
    i = last + 1;
  }
  return text;
}

void find_machine(const config::ServeOptions& options, Findings& findings,
                  std::string_view cgroup_root) {
  find_kernel(findings);
  find_io(options, findings);
  find_cpus(options, cgroup_root, findings);
  find_memory(cgroup_root, findings);
  find_limits(options, cgroup_root, findings);
}

}  // namespace ringmaker::cli
