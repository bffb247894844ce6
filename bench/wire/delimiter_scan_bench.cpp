// Finding separators, newlines and quotes, for each instruction set.
#include "wire/delimiter_scan.h"

#include <benchmark/benchmark.h>

#include <string>
#include <vector>

namespace {

using namespace ringmaker;

void scan(benchmark::State& state, base::InstructionSet set, bool quotes) {
  if (set > base::detect_instruction_set()) {
    state.SkipWithError("this CPU lacks the instruction set");
    return;
  }
  std::string text;
  while (text.size() < 8192) {
    text += quotes ? "\"0.123456\"," : "0.1234567,";
    text += text.size() % 300 < 10 ? "1\n" : "";
  }
  std::vector<uint32_t> marks(text.size() + 64);
  std::vector<uint32_t> rows(text.size() + 64);
  size_t found = 0;
  for (auto _ : state) {
    wire::DelimiterScan scan;
    scan.marks = marks.data();
    scan.rows = rows.data();
    wire::delimiter_scanner(set)(text.data(), 0, text.size(), scan);
    found = scan.marks_count;
    benchmark::DoNotOptimize(marks.data());
  }
  size_t expected = 0;
  for (const char c : text) {
    expected += c == ',' || c == '\n' ? 1 : 0;
  }
  if (found != expected) {
    state.SkipWithError("marks are missing");
  }
  state.SetBytesProcessed(static_cast<int64_t>(state.iterations() * text.size()));
}

BENCHMARK_CAPTURE(scan, portable, base::InstructionSet::kPortable, false);
BENCHMARK_CAPTURE(scan, avx2, base::InstructionSet::kAvx2, false);
BENCHMARK_CAPTURE(scan, avx512, base::InstructionSet::kAvx512, false);
BENCHMARK_CAPTURE(scan, avx512_quotes, base::InstructionSet::kAvx512, true);

}  // namespace
