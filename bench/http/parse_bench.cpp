// Heads and chunked bodies: what a request costs before anybody looks at what it means.
#include "http/chunked_body.h"
#include "http/head_gate.h"
#include "http/request_parser.h"

#include <benchmark/benchmark.h>

#include <array>
#include <string>
#include <string_view>

namespace {

using namespace ringmaker;

constexpr std::string_view kPing = "GET /ping HTTP/1.1\r\nHost: 127.0.0.1:8080\r\n\r\n";
// As the platform's front end sends it.
constexpr std::string_view kInvocation =
    "POST /invocations HTTP/1.1\r\n"
    "Host: model.aws.local:8080\r\n"
    "User-Agent: AHC/2.0\r\n"
    "Connection: keep-alive\r\n"
    "Accept: text/csv\r\n"
    "Content-Type: text/csv\r\n"
    "Content-Length: 271\r\n"
    "X-Amzn-SageMaker-Custom-Attributes: trace=00-4bf92f3577b34da6\r\n"
    "X-Amzn-SageMaker-Inference-Id: 3f1c2e8a-52aa-4f6c-9a0e-8f5f9d6f1b11\r\n"
    "\r\n";

/// Gate and parser, as a connection calls them.
void head(benchmark::State& state, std::string_view text, uint64_t body_bytes) {
  http::HeadGate gate;
  http::RequestParser parser;
  std::array<http::Header, http::kFieldsMax> headers;
  http::ParsedHead parsed;
  for (auto _ : state) {
    gate.reset();
    benchmark::DoNotOptimize(text);
    if (gate.inspect(text) != http::HeadGate::Verdict::kComplete ||
        parser.parse(gate, text, headers, parsed)) {
      state.SkipWithError("refused");
      return;
    }
    benchmark::DoNotOptimize(parsed);
  }
  if (parsed.head.content_length.value_or(0) != body_bytes || !parsed.keep_alive) {
    state.SkipWithError("not what the head says");
  }
  state.SetItemsProcessed(state.iterations());
  state.SetBytesProcessed(state.iterations() * static_cast<int64_t>(text.size()));
}

/// 1 MB in chunks of range(0) bytes. Only the lines between the data are looked at, so that bytes a
/// second would say nothing.
void chunks(benchmark::State& state) {
  constexpr size_t kBytes = 1 << 20;
  const auto size = static_cast<size_t>(state.range(0));
  std::string text;
  for (size_t at = 0; at < kBytes; at += size) {
    char line[32];
    const int digits = std::snprintf(line, sizeof line, "%zx\r\n", size);
    text.append(line, static_cast<size_t>(digits)).append(size, 'x').append("\r\n");
  }
  text += "0\r\n\r\n";
  size_t taken = 0;
  for (auto _ : state) {
    http::ChunkedBody body;
    std::string_view rest = text;
    taken = 0;
    for (;;) {
      const http::ChunkedBody::Step step = body.take(rest);
      rest.remove_prefix(step.consumed);
      taken += step.data.size();
      if (step.verdict != http::ChunkedBody::Verdict::kData) {
        break;
      }
    }
    benchmark::DoNotOptimize(taken);
  }
  if (taken != kBytes) {
    state.SkipWithError("not the whole body");
  }
  state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(kBytes / size));
}

BENCHMARK_CAPTURE(head, ping, kPing, 0);
BENCHMARK_CAPTURE(head, invocation, kInvocation, 271);
BENCHMARK(chunks)->Arg(256)->Arg(4096)->Arg(65536);

}  // namespace
