// LoadMeter: what loading a model takes of a process that does nothing else.
#pragma once

#include <fmt/core.h>

#include <chrono>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

namespace ringmaker::bench {

class LoadMeter {
 public:
  explicit LoadMeter(const std::string& path)
      : file_bytes_(static_cast<double>(std::filesystem::file_size(path))),
        resident_(memory("VmRSS")),
        cpu_(cpu_seconds()),
        begin_(std::chrono::steady_clock::now()) {}

  /// A line of JSON: times since the meter was made, memory above what there was then.
  [[nodiscard]] std::string report(std::string_view plan) const {
    const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - begin_;
    return fmt::format(
        R"({{"file_bytes":{},"wall_s":{:.4f},"cpu_s":{:.4f},"stays_bytes":{},"peak_bytes":{},)"
        R"("plan":"{}"}})",
        file_bytes_, wall.count(), cpu_seconds() - cpu_, memory("VmRSS") - resident_,
        memory("VmHWM") - resident_, plan);
  }

 private:
  static double cpu_seconds() {
    timespec now{};
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
  }
  /// "VmRSS" or "VmHWM", in bytes.
  static double memory(std::string_view field) {
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);) {
      if (line.starts_with(field)) {
        return std::stod(line.substr(field.size() + 1)) * 1024;
      }
    }
    return 0;
  }

  double file_bytes_;
  double resident_;
  double cpu_;
  std::chrono::steady_clock::time_point begin_;
};

}  // namespace ringmaker::bench
