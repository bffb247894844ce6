// Text to floats and back: one number at a time, eight at a time, against strtof and
// std::from_chars. parse_double is fast_float.
#include "wire/number_fields.h"
#include "wire/number_format.h"
#include "wire/number_parse.h"

#include <benchmark/benchmark.h>

#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace ringmaker;

struct Fields {
  explicit Fields(const char* format) {
    std::mt19937 random(3);
    std::normal_distribution<double> normal;
    marks.push_back(UINT32_MAX);
    for (int i = 0; i < 8192; ++i) {
      char number[64];
      std::snprintf(number, sizeof number, format, normal(random));
      text += number;
      marks.push_back(static_cast<uint32_t>(text.size()));
      text += ',';
    }
    for (size_t k = 0; k < count(); ++k) {
      reference.push_back(std::strtof(field(k).data(), nullptr));
    }
  }
  size_t count() const { return marks.size() - 1; }
  std::string_view field(size_t k) const {
    return std::string_view(text).substr(marks[k] + 1, marks[k + 1] - marks[k] - 1);
  }

  std::string text;
  std::vector<uint32_t> marks;
  std::vector<float> reference;
};

void finish(benchmark::State& state, const Fields& fields, const std::vector<float>& out) {
  if (out != fields.reference) {
    state.SkipWithError("not what strtof says");
  }
  const auto runs = static_cast<int64_t>(state.iterations());
  state.SetItemsProcessed(runs * static_cast<int64_t>(fields.count()));
  state.SetBytesProcessed(runs * static_cast<int64_t>(fields.text.size()));
}

void strtof_one(benchmark::State& state, const char* format) {
  const Fields fields(format);
  std::vector<float> out(fields.count());
  for (auto _ : state) {
    for (size_t k = 0; k < fields.count(); ++k) {
      out[k] = std::strtof(fields.field(k).data(), nullptr);
    }
    benchmark::DoNotOptimize(out.data());
  }
  finish(state, fields, out);
}

void parse_float_one(benchmark::State& state, const char* format) {
  const Fields fields(format);
  std::vector<float> out(fields.count());
  for (auto _ : state) {
    for (size_t k = 0; k < fields.count(); ++k) {
      out[k] = wire::parse_float(fields.field(k)).value;
    }
    benchmark::DoNotOptimize(out.data());
  }
  finish(state, fields, out);
}

void from_chars_one(benchmark::State& state, const char* format) {
  const Fields fields(format);
  std::vector<float> out(fields.count());
  for (auto _ : state) {
    for (size_t k = 0; k < fields.count(); ++k) {
      const std::string_view field = fields.field(k);
      std::from_chars(field.data(), field.data() + field.size(), out[k]);
    }
    benchmark::DoNotOptimize(out.data());
  }
  finish(state, fields, out);
}

void parse_fields(benchmark::State& state, const char* format, base::InstructionSet set) {
  if (set > base::detect_instruction_set()) {
    state.SkipWithError("this CPU lacks the instruction set");
    return;
  }
  const Fields fields(format);
  const wire::FieldsParser parse = wire::fields_parser(set);
  std::vector<float> out(fields.count());
  for (auto _ : state) {
    for (size_t k = 0; k < fields.count(); k += 64) {
      for (uint64_t left = parse(fields.text.data(), &fields.marks[k], 64, &out[k]); left != 0;
           left &= left - 1) {
        const size_t slow = k + static_cast<size_t>(__builtin_ctzll(left));
        out[slow] = wire::parse_float(fields.field(slow)).value;
      }
    }
    benchmark::DoNotOptimize(out.data());
  }
  finish(state, fields, out);
}

void format_float(benchmark::State& state) {
  const Fields fields("%.9g");
  std::string out;
  for (auto _ : state) {
    out.clear();
    for (const float value : fields.reference) {
      wire::append_number(out, value);
      out += ',';
    }
    benchmark::DoNotOptimize(out.data());
  }
  if (wire::parse_float(std::string_view(out).substr(0, out.find(','))).value !=
      fields.reference[0]) {
    state.SkipWithError("does not read back");
  }
  state.SetItemsProcessed(static_cast<int64_t>(state.iterations() * fields.count()));
  state.SetBytesProcessed(static_cast<int64_t>(state.iterations() * out.size()));
}

BENCHMARK_CAPTURE(strtof_one, six_digits, "%.6g");
BENCHMARK_CAPTURE(from_chars_one, six_digits, "%.6g");
BENCHMARK_CAPTURE(from_chars_one, integers, "%.0f");
BENCHMARK_CAPTURE(from_chars_one, seventeen_digits, "%.17g");
BENCHMARK_CAPTURE(from_chars_one, exponents, "%.5e");
BENCHMARK_CAPTURE(parse_float_one, six_digits, "%.6g");
BENCHMARK_CAPTURE(parse_float_one, integers, "%.0f");
BENCHMARK_CAPTURE(parse_float_one, seventeen_digits, "%.17g");
BENCHMARK_CAPTURE(parse_float_one, exponents, "%.5e");
BENCHMARK_CAPTURE(parse_fields, six_digits_portable, "%.6g", base::InstructionSet::kPortable);
BENCHMARK_CAPTURE(parse_fields, six_digits_avx512, "%.6g", base::InstructionSet::kAvx512);
BENCHMARK_CAPTURE(parse_fields, seventeen_digits_avx512, "%.17g", base::InstructionSet::kAvx512);
BENCHMARK_CAPTURE(parse_fields, exponents_avx512, "%.5e", base::InstructionSet::kAvx512);
BENCHMARK(format_float);

}  // namespace
