// Cutting JSON into rows, before any of it is parsed: what every byte of a payload goes through.
#include "codec/json/json_splitter.h"

#include <benchmark/benchmark.h>

#include <cstdio>
#include <random>
#include <string>

namespace {

using namespace ringmaker;

constexpr size_t kRows = 1000;

/// Rows of `columns` numbers, each by its name where they are objects.
std::string instances(size_t columns, bool named) {
  std::mt19937 random(3);
  std::normal_distribution<double> normal;
  std::string text = "{\"instances\":[";
  for (size_t i = 0; i < kRows; ++i) {
    text += std::string(i > 0 ? "," : "") + (named ? '{' : '[');
    for (size_t k = 0; k < columns; ++k) {
      char number[64];
      std::snprintf(number, sizeof number, "%.6g", normal(random));
      text += k > 0 ? "," : "";
      if (named) {
        text.append("\"feature_").append(std::to_string(k)).append("\":");
      }
      text += number;
    }
    text += named ? '}' : ']';
  }
  return text + "]}";
}

void split(benchmark::State& state, bool named) {
  using Token = codec::JsonSplitter::Token;
  const std::string text = instances(static_cast<size_t>(state.range(0)), named);
  codec::JsonSplitter splitter;
  size_t elements = 0;
  size_t content = 0;
  for (auto _ : state) {
    splitter.reset();
    elements = 0;
    content = 0;
    size_t at = 0;
    for (Token token = Token::kBeginArray; token != Token::kNeedMore;) {
      const codec::JsonSplitter::Step step = splitter.next(text, at);
      token = step.token;
      elements += token == Token::kElement ? 1 : 0;
      content += step.content.size();
    }
  }
  // All but {"instances":[ ]} and the commas between the elements.
  if (!splitter.complete() || elements != kRows || content != text.size() - 16 - (kRows - 1)) {
    state.SkipWithError("not the payload's rows");
  }
  state.SetItemsProcessed(static_cast<int64_t>(state.iterations() * kRows));
  state.SetBytesProcessed(static_cast<int64_t>(state.iterations() * text.size()));
}

BENCHMARK_CAPTURE(split, arrays, false)->Arg(4)->Arg(30);
BENCHMARK_CAPTURE(split, objects, true)->Arg(4)->Arg(30);

}  // namespace
