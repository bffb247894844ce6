// Requests of the Open Inference Protocol to rows: tensors of whole rows and of one feature each,
// as JSON and as bytes behind it.
#include "codec/decoder.h"
#include "data/block_writer.h"
#include "data/dense_block.h"
#include "wire/little_endian.h"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdio>
#include <optional>
#include <random>
#include <string>
#include <vector>

namespace {

using namespace ringmaker;

constexpr size_t kFeatures = 30;

enum class Form : uint8_t { kFlat, kNested, kColumns, kBytes, kColumnsAsBytes };

std::string name_of(size_t feature) { return "feature_" + std::to_string(feature); }

/// Numbers of %.6g, or the floats themselves.
struct Payload {
  Payload(Form form, size_t rows) {
    std::mt19937 random(3);
    std::normal_distribution<double> normal;
    for (size_t i = 0; i < rows * kFeatures; ++i) {
      char number[64];
      std::snprintf(number, sizeof number, "%.6g", normal(random));
      numbers.emplace_back(number);
      values.push_back(std::strtof(number, nullptr));
    }
    const bool as_bytes = form == Form::kBytes || form == Form::kColumnsAsBytes;
    const bool columns = form == Form::kColumns || form == Form::kColumnsAsBytes;
    text = "{\"inputs\":[";
    for (size_t k = 0; k < (columns ? kFeatures : 1); ++k) {
      const std::string shape =
          std::to_string(rows) + (columns ? "" : "," + std::to_string(kFeatures));
      text += (k > 0 ? ",{" : "{") + std::string("\"name\":\"") + name_of(k) + "\",\"shape\":[" +
              shape + "],\"datatype\":\"FP32\",";
      if (as_bytes) {
        const size_t bytes = rows * (columns ? 1 : kFeatures) * sizeof(float);
        text += "\"parameters\":{\"binary_data_size\":" + std::to_string(bytes) + "}}";
      } else {
        text += "\"data\":[" + data_of(form, k, rows) + "]}";
      }
    }
    text += "]}";
    if (as_bytes) {
      json_bytes = text.size();
      append_bytes(columns, rows);
    }
  }

  [[nodiscard]] std::string data_of(Form form, size_t feature, size_t rows) const {
    std::string data;
    const size_t first = form == Form::kColumns ? feature : 0;
    const size_t step = form == Form::kColumns ? kFeatures : 1;
    for (size_t i = first; i < rows * kFeatures; i += step) {
      const bool row_begins = form == Form::kNested && i % kFeatures == 0;
      data += (i > first ? "," : "") + std::string(row_begins ? "[" : "") + numbers[i] +
              (form == Form::kNested && i % kFeatures == kFeatures - 1 ? "]" : "");
    }
    return data;
  }
  void append_bytes(bool columns, size_t rows) {
    const auto append = [this](float value) {
      char bytes[sizeof value];
      wire::store_little_endian(bytes, value);
      text.append(bytes, sizeof bytes);
    };
    if (!columns) {
      std::for_each(values.begin(), values.end(), append);
      return;
    }
    for (size_t k = 0; k < kFeatures; ++k) {
      for (size_t i = 0; i < rows; ++i) {
        append(values[i * kFeatures + k]);
      }
    }
  }

  std::string text;
  std::optional<uint64_t> json_bytes;
  std::vector<std::string> numbers;
  std::vector<float> values;
};

void tensors(benchmark::State& state, Form form) {
  const auto rows = static_cast<size_t>(state.range(0));
  const Payload payload(form, rows);
  data::Schema model;
  for (size_t k = 0; k < kFeatures; ++k) {
    model.feature_names.push_back(name_of(k));
  }
  const auto decoder = codec::make_decoder(codec::Format::kTensors, model);
  data::DenseBlock block(kFeatures, rows);
  const codec::PayloadOptions options{.json_bytes = payload.json_bytes};
  for (auto _ : state) {
    block.resize(0);
    decoder->reset(options);
    data::BlockWriter writer(block);
    std::string_view rest = payload.text;
    codec::DecodeProgress progress;
    do {
      progress = decoder->decode(rest, true, SIZE_MAX, writer);
      rest.remove_prefix(progress.consumed);
    } while (progress.status == codec::DecodeStatus::kPaused);
    benchmark::DoNotOptimize(progress);
  }
  if (block.rows() != rows ||
      !std::equal(payload.values.begin(), payload.values.end(), block.view().values)) {
    state.SkipWithError("not the payload's values");
  }
  state.SetItemsProcessed(static_cast<int64_t>(state.iterations() * rows));
  state.SetBytesProcessed(static_cast<int64_t>(state.iterations() * payload.text.size()));
}

BENCHMARK_CAPTURE(tensors, flat, Form::kFlat)->Arg(1)->Arg(1000);
BENCHMARK_CAPTURE(tensors, nested, Form::kNested)->Arg(1)->Arg(1000);
BENCHMARK_CAPTURE(tensors, columns, Form::kColumns)->Arg(1)->Arg(1000);
BENCHMARK_CAPTURE(tensors, bytes, Form::kBytes)->Arg(1)->Arg(1000);
BENCHMARK_CAPTURE(tensors, columns_as_bytes, Form::kColumnsAsBytes)->Arg(1)->Arg(1000);

}  // namespace
