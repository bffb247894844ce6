#include "bench/latency/process_meter.h"

#include <fmt/core.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <system_error>

namespace ringmaker::latency {

base::Result<uint64_t> cpu_time_ns(int pid) {
  std::error_code error;
  std::filesystem::directory_iterator tasks(fmt::format("/proc/{}/task", pid), error);
  if (error) {
    return base::fail(base::ErrorCode::kNotFound, fmt::format("there is no process {}", pid));
  }
  uint64_t total = 0;
  for (const auto& task : tasks) {
    std::ifstream file(task.path() / "schedstat");
    uint64_t on_cpu = 0;
    if (file >> on_cpu) {
      total += on_cpu;
    }
  }
  return total;
}

base::Result<uint64_t> resident_bytes(int pid) {
  std::ifstream file(fmt::format("/proc/{}/status", pid));
  std::string word;
  while (file >> word) {
    uint64_t kibibytes = 0;
    if (word == "VmRSS:" && file >> kibibytes) {
      return kibibytes * 1024;
    }
  }
  return base::fail(base::ErrorCode::kNotFound,
                    fmt::format("/proc/{}/status tells no resident size", pid));
}

}  // namespace ringmaker::latency
