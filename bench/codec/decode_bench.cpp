// Payloads to rows: one row, for latency, and many, for throughput, in CSV and JSON.
#include "codec/decoder.h"
#include "codec/encoder.h"
#include "data/block_writer.h"
#include "data/dense_block.h"

#include <benchmark/benchmark.h>

#include <cstdio>
#include <random>
#include <string>
#include <vector>

namespace {

using namespace ringmaker;

constexpr size_t kColumns = 30;

data::Schema schema() {
  data::Schema schema;
  for (size_t k = 0; k < kColumns; ++k) {
    schema.feature_names.push_back("feature_" + std::to_string(k));
  }
  return schema;
}

struct Payload {
  Payload(codec::Format format, size_t rows, bool quoted = false) {
    std::mt19937 random(3);
    std::normal_distribution<double> normal;
    const bool json = format == codec::Format::kJson;
    text = json ? "{\"instances\":[" : "";
    for (size_t i = 0; i < rows; ++i) {
      text += json ? (i == 0 ? "[" : ",[") : "";
      for (size_t k = 0; k < kColumns; ++k) {
        char number[64];
        std::snprintf(number, sizeof number, quoted ? "\"%.6g\"" : "%.6g", normal(random));
        text += (k == 0 ? "" : ",") + std::string(number);
        values.push_back(std::strtof(number + (quoted ? 1 : 0), nullptr));
      }
      text += json ? "]" : "\n";
    }
    text += json ? "]}" : "";
  }
  std::string text;
  std::vector<float> values;
};

void decode(benchmark::State& state, codec::Format format, bool quoted) {
  const auto rows = static_cast<size_t>(state.range(0));
  const Payload payload(format, rows, quoted);
  const data::Schema model = schema();
  const auto decoder = codec::make_decoder(format, model);
  data::DenseBlock block(kColumns, rows);
  for (auto _ : state) {
    block.resize(0);
    decoder->reset();
    data::BlockWriter writer(block);
    const auto progress = decoder->decode(payload.text, true, SIZE_MAX, writer);
    benchmark::DoNotOptimize(progress);
  }
  if (block.rows() != rows ||
      !std::equal(payload.values.begin(), payload.values.end(), block.view().values)) {
    state.SkipWithError("not the payload's values");
  }
  state.SetItemsProcessed(static_cast<int64_t>(state.iterations() * rows));
  state.SetBytesProcessed(static_cast<int64_t>(state.iterations() * payload.text.size()));
}

void encode(benchmark::State& state, codec::Format format) {
  const auto rows = static_cast<size_t>(state.range(0));
  data::OutputSchema output;
  output.task = data::Task::kBinary;
  output.class_names = {"0", "1"};
  const auto encoder = codec::make_encoder(format, output);
  std::mt19937 random(4);
  std::vector<float> scores(rows);
  for (float& score : scores) {
    score = static_cast<float>(random()) / 4294967296.0F;
  }
  std::string out;
  for (auto _ : state) {
    out.clear();
    encoder->encode({scores.data(), rows, 1}, true, true, out);
    benchmark::DoNotOptimize(out.data());
  }
  if (out.empty() || out.size() > encoder->bytes_max(rows)) {
    state.SkipWithError("not within its bound");
  }
  state.SetItemsProcessed(static_cast<int64_t>(state.iterations() * rows));
  state.SetBytesProcessed(static_cast<int64_t>(state.iterations() * out.size()));
}

BENCHMARK_CAPTURE(decode, csv, codec::Format::kCsv, false)->Arg(1)->Arg(64)->Arg(1000);
BENCHMARK_CAPTURE(decode, csv_quoted, codec::Format::kCsv, true)->Arg(1000);
BENCHMARK_CAPTURE(decode, json, codec::Format::kJson, false)->Arg(1)->Arg(64)->Arg(1000);
BENCHMARK_CAPTURE(encode, csv, codec::Format::kCsv)->Arg(1)->Arg(1000);
BENCHMARK_CAPTURE(encode, json, codec::Format::kJson)->Arg(1)->Arg(1000);

}  // namespace
