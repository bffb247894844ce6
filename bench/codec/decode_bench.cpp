// Payloads to rows: one row, for latency, and many, for throughput, in every format.
#include "codec/decoder.h"
#include "codec/encoder.h"
#include "codec/npy/npy_header.h"
#include "data/block_writer.h"
#include "data/dense_block.h"
#include "tests/codec/recordio/recordio_payload.h"

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

/// Numbers of %.6g; npy, float32 and recordio hold the floats themselves.
struct Payload {
  Payload(codec::Format format, size_t rows, bool quoted = false) {
    std::mt19937 random(3);
    std::normal_distribution<double> normal;
    open(format, rows);
    for (size_t i = 0; i < rows; ++i) {
      std::vector<std::string> numbers;
      for (size_t k = 0; k < kColumns; ++k) {
        char number[64];
        std::snprintf(number, sizeof number, quoted ? "\"%.6g\"" : "%.6g", normal(random));
        numbers.emplace_back(number);
        values.push_back(std::strtof(number + (quoted ? 1 : 0), nullptr));
      }
      append_row(format, i == 0, numbers);
    }
    text += format == codec::Format::kJson ? "]}" : "";
  }

  void open(codec::Format format, size_t rows) {
    if (format == codec::Format::kJson) {
      text = "{\"instances\":[";
    } else if (format == codec::Format::kNpy) {
      codec::append_npy_header(rows, kColumns, text);
    }
  }

  void append_row(codec::Format format, bool first, const std::vector<std::string>& numbers) {
    const std::vector<float> row(values.end() - kColumns, values.end());
    if (format == codec::Format::kNpy || format == codec::Format::kFloat32) {
      text += codec::bytes_of(row);
      return;
    }
    if (format == codec::Format::kRecordio) {
      text += codec::frame(codec::record_of(2, codec::packed_floats(1, row)));
      return;
    }
    const bool json = format == codec::Format::kJson || format == codec::Format::kJsonLines;
    text += format == codec::Format::kJson && !first ? "," : "";
    text += json ? "[" : "";
    for (size_t k = 0; k < kColumns; ++k) {
      if (format == codec::Format::kLibsvm) {
        text += (k == 0 ? "" : " ") + std::to_string(k) + ":";
      } else {
        text += k == 0 ? "" : ",";
      }
      text += numbers[k];
    }
    text += json ? "]" : "";
    text += format == codec::Format::kJson ? "" : "\n";
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
    encoder->encode({scores.data(), rows, 1}, {.rows_total = rows}, out);
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
BENCHMARK_CAPTURE(decode, jsonlines, codec::Format::kJsonLines, false)->Arg(1)->Arg(1000);
BENCHMARK_CAPTURE(decode, libsvm, codec::Format::kLibsvm, false)->Arg(1)->Arg(1000);
BENCHMARK_CAPTURE(decode, npy, codec::Format::kNpy, false)->Arg(1)->Arg(1000);
BENCHMARK_CAPTURE(decode, float32, codec::Format::kFloat32, false)->Arg(1)->Arg(1000);
BENCHMARK_CAPTURE(decode, recordio, codec::Format::kRecordio, false)->Arg(1)->Arg(1000);
BENCHMARK_CAPTURE(encode, csv, codec::Format::kCsv)->Arg(1)->Arg(1000);
BENCHMARK_CAPTURE(encode, json, codec::Format::kJson)->Arg(1)->Arg(1000);

}  // namespace
