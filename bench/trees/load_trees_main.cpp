// load_trees: how long a model file takes to become a predictor, and what memory stays with it.
#include "base/cpu.h"
#include "model/artifact.h"
#include "model/import/importer.h"
#include "model/model.h"
#include "serve/model_store.h"

#include <fmt/format.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <iostream>

namespace ringmaker {
namespace {

constexpr double kMegabyte = 1e6;

/// "VmRSS" or "VmHWM", in bytes.
double memory(std::string_view field) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with(field)) {
      return std::stod(line.substr(field.size() + 1)) * 1024;
    }
  }
  return 0;
}

int load(const std::string& path) {
  using Clock = std::chrono::steady_clock;
  const auto milliseconds = [](Clock::duration time) {
    return std::chrono::duration<double, std::milli>(time).count();
  };
  const double bytes = static_cast<double>(std::filesystem::file_size(path));
  const double before = memory("VmRSS");
  const auto begin = Clock::now();
  std::unique_ptr<model::Predictor> predictor;
  Clock::time_point read;
  {
    auto model = serve::read_model(path);
    if (!model) {
      std::cerr << model.error().message() << '\n';
      return 1;
    }
    read = Clock::now();
    auto compiled = model::compile(*model, base::detect_instruction_set());
    if (!compiled) {
      std::cerr << compiled.error().message() << '\n';
      return 1;
    }
    predictor = std::move(*compiled);
  }
  const auto ready = Clock::now();
  const double ms = milliseconds(ready - begin);
  std::cout << fmt::format(
      "{:.1f} MB, read in {:.0f} ms, ready in {:.0f} ms, {:.0f} MB/s; memory {:.1f} MB, {:.2f} x "
      "the file, {:.1f} MB at most; {}\n",
      bytes / kMegabyte, milliseconds(read - begin), ms, bytes / 1000 / ms,
      (memory("VmRSS") - before) / kMegabyte, (memory("VmRSS") - before) / bytes,
      (memory("VmHWM") - before) / kMegabyte, predictor->plan());
  return 0;
}

}  // namespace
}  // namespace ringmaker

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: load_trees FILE\n";
    return 2;
  }
  return ringmaker::load(argv[1]);
}
