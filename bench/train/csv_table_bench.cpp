// A training CSV of 200 MB from the page cache to a table of numbers: the whole reader, by threads.
#include "train/reader/csv_table.h"

#include <benchmark/benchmark.h>
#include <unistd.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <random>
#include <string>

namespace {

using namespace ringmaker;

constexpr size_t kFeatures = 30;
constexpr size_t kFileBytes = 200'000'000;

struct Sample {
  explicit Sample(const std::string& format) {
    path =
        std::filesystem::temp_directory_path() / ("ringmaker-bench-" + std::to_string(::getpid()));
    std::mt19937 random(7);
    std::normal_distribution<double> normal;
    std::string text;
    double sum = 0;
    for (size_t i = 0; i < 1000; ++i) {
      text += i % 3 == 0 ? "1" : "0";
      for (size_t k = 0; k < kFeatures; ++k) {
        char number[64];
        std::snprintf(number, sizeof number, format.c_str(), normal(random));
        text += ',';
        text += number;
        sum += static_cast<double>(std::strtof(number, nullptr));
      }
      text += '\n';
    }
    std::ofstream file(path, std::ios::binary);
    for (; bytes < kFileBytes; bytes += text.size()) {
      file << text;
      rows += 1000;
      total += sum;
    }
  }
  ~Sample() { std::filesystem::remove(path); }
  Sample(const Sample&) = delete;
  Sample& operator=(const Sample&) = delete;

  std::filesystem::path path;
  size_t bytes = 0;
  size_t rows = 0;
  double total = 0;
};

double total_of(const train::CsvTable& table) {
  double total = 0;
  const data::DenseView view = table.features.view();
  for (size_t i = 0; i < view.rows * view.columns; ++i) {
    total += static_cast<double>(view.values[i]);
  }
  return total;
}

void read_table(benchmark::State& state, const char* format) {
  static std::map<std::string, Sample> samples;
  const Sample& sample = samples.try_emplace(format, format).first->second;
  const std::vector<train::DataFile> files{
      {sample.path.string(), sample.path.filename().string(), sample.bytes}};
  for (auto _ : state) {
    auto table = train::read_csv_table(files, {}, {.threads = static_cast<size_t>(state.range(0))});
    state.PauseTiming();
    if (!table || table->labels.size() != sample.rows ||
        std::abs(total_of(*table) - sample.total) > 1e-6 * static_cast<double>(sample.rows)) {
      state.SkipWithError("not the numbers that were written");
    }
    table = base::fail(base::ErrorCode::kCancelled, "done with");  // freeing it is not reading
    state.ResumeTiming();
  }
  const auto runs = static_cast<int64_t>(state.iterations());
  state.SetItemsProcessed(runs * static_cast<int64_t>(sample.rows));
  state.SetBytesProcessed(runs * static_cast<int64_t>(sample.bytes));
}

BENCHMARK_CAPTURE(read_table, six_digits, "%.6f")->Arg(1)->Arg(2)->UseRealTime();
BENCHMARK_CAPTURE(read_table, exponents, "%.5e")->Arg(1)->Arg(2)->UseRealTime();

}  // namespace
