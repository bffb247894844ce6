// latency_driver: loads a server on loopback and prints what its users would have felt.
#include "bench/latency/load_client.h"
#include "bench/latency/request_template.h"

#include <CLI/CLI.hpp>
#include <fmt/core.h>
#include <sched.h>

#include <cstdio>
#include <fstream>
#include <iterator>
#include <map>
#include <string>

namespace ringmaker::latency {
namespace {

struct DriverOptions {
  LoadOptions load;
  std::string kind = "ping";
  std::string path = "/invocations";
  size_t paths = 1;
  std::string content_type = "text/csv";
  std::string body_file;
  RowShape shape{.rows = 1, .features = 30, .seed = 1};
  size_t stream_bytes = 25'000'000;
  int core = -1;
  int server_pid = 0;
  bool json = false;
};

void declare(CLI::App& app, DriverOptions& options) {
  const std::map<std::string, Arrivals> arrivals{{"poisson", Arrivals::kPoisson},
                                                 {"uniform", Arrivals::kUniform}};
  app.add_option("--port", options.load.port, "Port on 127.0.0.1")->required();
  app.add_option("--request", options.kind, "What to ask: ping, csv, json or file")
      ->check(CLI::IsMember({"ping", "csv", "json", "file"}));
  app.add_option("--path", options.path, "Path of csv, json and file requests");
  app.add_option("--paths", options.paths,
                 "So many paths in turn: {} in --path is 0, 1, 2 and so on");
  app.add_option("--rows", options.shape.rows, "Rows a request");
  app.add_option("--features", options.shape.features, "Values a row");
  app.add_option("--body", options.body_file, "Body of file requests");
  app.add_option("--content-type", options.content_type, "Content-Type of file requests");
  app.add_option("--connections", options.load.connections, "Keep-alive connections");
  app.add_option("--rate", options.load.rate, "Requests a second; 0: closed loop");
  app.add_option("--arrivals", options.load.arrivals, "Of the open loop: poisson or uniform")
      ->transform(CLI::CheckedTransformer(arrivals));
  app.add_option("--seed", options.load.seed, "Of the schedule");
  app.add_option("--warmup", options.load.warmup_s, "Seconds before counting");
  app.add_option("--duration", options.load.duration_s, "Seconds counted");
  app.add_option("--expect", options.load.expected_status, "Any other status is an error");
  app.add_option("--refusal", options.load.refusal_status, "A status that is counted apart");
  app.add_option("--pings", options.load.ping_rate,
                 "Requests for /ping a second, on connections of their own");
  app.add_option("--streams", options.load.stream_connections,
                 "Connections that send one large CSV body after another beside the load");
  app.add_option("--stream-bytes", options.stream_bytes, "Size of these bodies");
  app.add_option("--server-pid", options.server_pid, "Report this process's CPU per request");
  app.add_option("--core", options.core, "Run on this core");
  app.add_flag("--json", options.json, "One JSON object instead of a line");
}

base::Result<std::string> build_request(const DriverOptions& options, const std::string& path) {
  if (options.kind == "ping") {
    return get_request("/ping");
  }
  if (options.kind == "csv") {
    return post_request(path, "text/csv", csv_body(options.shape));
  }
  if (options.kind == "json") {
    return post_request(path, "application/json", json_body(options.shape));
  }
  std::ifstream file(options.body_file, std::ios::binary);
  if (!file) {
    return base::fail(base::ErrorCode::kNotFound,
                      fmt::format("cannot read the body file '{}'", options.body_file));
  }
  std::string body{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  return post_request(path, options.content_type, body);
}

double microseconds(uint64_t ns) { return static_cast<double>(ns) / 1e3; }

std::string as_line(const LoadReport& report) {
  const Histogram& latency = report.latency_ns;
  return fmt::format(
      "{:.0f} req/s  p50 {:.1f}  p90 {:.1f}  p99 {:.1f}  p99.9 {:.1f}  max {:.1f} us  errors {}  "
      "server CPU {:.2f} us/req",
      static_cast<double>(report.responses) / report.seconds, microseconds(latency.percentile(0.5)),
      microseconds(latency.percentile(0.9)), microseconds(latency.percentile(0.99)),
      microseconds(latency.percentile(0.999)), microseconds(latency.max()), report.errors(),
      report.server_cpu_us.value_or(0));
}

std::string as_json(const LoadReport& report) {
  const Histogram& latency = report.latency_ns;
  std::string text = fmt::format(
      "{{\"requests_per_s\":{:.1f},\"responses\":{},\"p50_us\":{:.2f},\"p90_us\":{:.2f},"
      "\"p99_us\":{:.2f},\"p999_us\":{:.2f},\"max_us\":{:.2f},",
      static_cast<double>(report.responses) / report.seconds, report.responses,
      microseconds(latency.percentile(0.5)), microseconds(latency.percentile(0.9)),
      microseconds(latency.percentile(0.99)), microseconds(latency.percentile(0.999)),
      microseconds(latency.max()));
  fmt::format_to(std::back_inserter(text),
                 "\"errors\":{},\"wrong_status\":{},\"broken\":{},\"unanswered\":{},"
                 "\"stream_responses\":{},\"stream_bytes_per_s\":{:.0f}",
                 report.errors(), report.wrong_status, report.broken, report.unanswered,
                 report.stream_responses,
                 static_cast<double>(report.stream_bytes) / report.seconds);
  const auto append_tail = [&](const char* name, const Histogram& of) {
    fmt::format_to(std::back_inserter(text),
                   ",\"{0}s\":{1},\"{0}_p50_us\":{2:.2f},\"{0}_p99_us\":{3:.2f}", name, of.count(),
                   microseconds(of.percentile(0.5)), microseconds(of.percentile(0.99)));
  };
  append_tail("refusal", report.refusal_latency_ns);
  append_tail("ping", report.ping_latency_ns);
  if (report.server_cpu_us) {
    fmt::format_to(std::back_inserter(text), ",\"server_cpu_us\":{:.3f}", *report.server_cpu_us);
  }
  if (report.server_resident_bytes) {
    fmt::format_to(std::back_inserter(text), ",\"server_resident_bytes\":{}",
                   *report.server_resident_bytes);
  }
  return text + "}";
}

base::Result<LoadReport> drive(DriverOptions& options) {
  for (size_t i = 0; i < options.paths; ++i) {
    std::string path = options.path;
    if (const size_t place = path.find("{}"); place != std::string::npos) {
      path.replace(place, 2, fmt::format("{}", i));
    }
    RM_ASSIGN(std::string request, build_request(options, path));
    options.load.requests.push_back(std::move(request));
  }
  options.load.ping_request = get_request("/ping");
  if (options.load.stream_connections > 0) {
    options.load.stream_request =
        post_request(options.path, "text/csv",
                     csv_body_of_size(options.stream_bytes, options.shape.features, 2));
  }
  if (options.server_pid > 0) {
    options.load.server_pid = options.server_pid;
  }
  if (options.core >= 0) {
    cpu_set_t cores;
    CPU_ZERO(&cores);
    CPU_SET(static_cast<unsigned>(options.core), &cores);
    if (sched_setaffinity(0, sizeof cores, &cores) < 0) {
      return base::fail(base::system_error(errno, fmt::format("pinning to core {}", options.core)));
    }
  }
  return run_load(options.load);
}

int run(int argc, char** argv) {
  CLI::App app{"Loads a server on loopback: closed loop, or open loop on a schedule."};
  DriverOptions options;
  declare(app, options);
  CLI11_PARSE(app, argc, argv);
  auto report = drive(options);
  if (!report) {
    fmt::print(stderr, "latency_driver: {}\n", report.error().message());
    return 1;
  }
  fmt::print("{}\n", options.json ? as_json(*report) : as_line(*report));
  return 0;
}

}  // namespace
}  // namespace ringmaker::latency

int main(int argc, char** argv) { return ringmaker::latency::run(argc, argv); }
