#include "cli/doctor_command.h"

#include "base/version.h"
#include "cli/machine_findings.h"
#include "cli/platform_findings.h"
#include "cli/terminal.h"
#include "cli/train_command.h"
#include "wire/json_writer.h"

#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <set>

namespace ringmaker::cli {
namespace {

using State = Finding::State;

constexpr std::string_view kName = "doctor";
constexpr int kPlatformFault = 3;
constexpr std::array<std::string_view, 3> kIo{"auto", "uring", "epoll"};
constexpr std::array<config::PlatformVariable, 1> kPort{{{"SAGEMAKER_BIND_TO_PORT"}}};
constexpr std::array<config::PlatformVariable, 1> kBaseDir{{{"SAGEMAKER_BASE_DIR"}}};
constexpr std::array<config::Option, 6> kTable{{
    {"json", "", "false", "one JSON document"},
    {"model-dir", "DIR", "", "the model to try (else model below base-dir)"},
    {"port", "N", "8080", "the port to try", kPort},
    {"io", "HOW", "auto", "network I/O to try: auto, uring or epoll", {}, kIo},
    {"base-dir", "DIR", "/opt/ml", "root of SageMaker's directories", kBaseDir},
    {"config", "FILE", "", "TOML file of options"},
}};

/// What two topics say in the same words is one problem.
size_t problems_of(const Findings& findings) {
  std::set<std::string_view> problems;
  for (const Finding& finding : findings) {
    if (finding.state == State::kProblem) {
      problems.insert(finding.advice);
    }
  }
  return problems.size();
}

/// Of the flags only those that train has in the same sense; of an empty one serve's options tell.
Call call_of_train(const Call& call) {
  Call of_train = call;
  of_train.command = "train";
  std::erase_if(of_train.flags, [](const auto& flag) {
    return flag.second.empty() || (flag.first != "base-dir" && flag.first != "config");
  });
  return of_train;
}

Call call_of_serve(const Call& call) {
  Call of_serve = call;
  of_serve.command = "serve";
  of_serve.flags.erase("json");
  return of_serve;
}

/// serve's options as they would be. Where they cannot be had, the reason is a finding and what
/// remains is looked at with the defaults.
config::ServeOptions read_options(const Call& of_serve, Findings& findings) {
  const auto values = resolve(config::serve_option_table(), of_serve);
  const auto options = values ? config::make_serve_options(*values)
                              : base::Result<config::ServeOptions>(base::fail(values.error()));
  if (options) {
    findings.push_back(
        {"serve", "options", options->differences.empty() ? "the defaults" : options->differences});
    return *options;
  }
  findings.push_back(
      {"serve", "options", "not usable", State::kProblem, options.error().message()});
  return *config::make_serve_options(*resolve(config::serve_option_table(), {}));
}

/// A command's values of which only those that say where things are count, whatever is wrong with
/// the others; without the file of options where that is what is wrong.
config::OptionValues read_places(std::span<const config::Option> options, const Call& call) {
  constexpr std::array<std::string_view, 4> kPlaces{"base-dir", "model-dir", "port", "config"};
  const auto values_of = [&](std::span<const std::string_view> names) {
    Call places = call;
    std::erase_if(places.flags, [&](const auto& flag) {
      return flag.second.empty() || std::ranges::find(names, flag.first) == names.end();
    });
    std::erase_if(places.environment, [&](const auto& variable) {
      return variable.first.starts_with("RINGMAKER_") &&
             std::ranges::find(names, variable.first, config::variable_of) == names.end();
    });
    return resolve(options, places);
  };
  const auto with_file = values_of(kPlaces);
  return with_file ? *with_file : *values_of(std::span(kPlaces).first(kPlaces.size() - 1));
}

bool was_told(const config::OptionValues& values, std::string_view name) {
  return values.get(name).source != config::OptionValue::Source::kDefault;
}

base::Result<train::JobOptions> read_job(const Call& of_train) {
  RM_ASSIGN(const config::OptionValues values, resolve_train(of_train));
  return make_job(values, of_train);
}

Findings examine(const Call& call) {
  Findings findings{{"system", "version", fmt::format("ringmaker {}", base::kVersion)}};
  Findings of_serve;
  const Call serve_call = call_of_serve(call);
  find_machine(read_options(serve_call, of_serve), findings);
  const Call train_call = call_of_train(call);
  const config::OptionValues targets = read_places(train_command().options, train_call);
  if (find_layout(targets.text("base-dir"), targets.text("model-dir"),
                  was_told(targets, "base-dir"), findings)) {
    find_job(read_job(train_call), findings);
  }
  const config::OptionValues places = read_places(config::serve_option_table(), serve_call);
  const bool told = was_told(places, "model-dir");
  find_model(told ? places.text("model-dir") : places.text("base-dir") + "/model", told, findings);
  findings.insert(findings.end(), of_serve.begin(), of_serve.end());
  if (const auto port = places.integer("port", 1, UINT16_MAX)) {
    find_port(static_cast<uint16_t>(*port), findings);
  }
  find_variables(call, findings);
  return findings;
}

int run_doctor(const Call& call) {
  Call own = call;
  std::erase_if(own.flags, [](const auto& flag) { return flag.first != "json"; });
  own.environment.clear();
  if (const std::string* text = config::find_text(call.environment, "RINGMAKER_JSON")) {
    own.environment.emplace("RINGMAKER_JSON", *text);
  }
  const auto values = resolve(std::span(kTable).first(1), own);
  const auto json =
      values ? values->boolean("json") : base::Result<bool>(base::fail(values.error()));
  if (!json) {
    return report(kName, json.error(), call.environment);
  }
  const Findings findings = examine(call);
  const int printed = print_result(
      kName,
      *json ? describe_findings_as_json(findings)
            : describe_findings(findings, colour_wanted(STDOUT_FILENO, call.environment)),
      call.environment);
  return printed != 0 ? printed : problems_of(findings) == 0 ? 0 : kPlatformFault;
}

}  // namespace

std::string describe_findings(const Findings& findings, bool colour) {
  std::string text;
  std::string_view topic;
  for (const Finding& finding : findings) {
    const std::string_view mark = finding.state == State::kFine   ? ""
                                  : finding.state == State::kNote ? "\x1b[33m"
                                                                  : "\x1b[31m";
    text += fmt::format("{:<10} {:<18} {}\n", finding.topic == topic ? "" : finding.topic,
                        finding.name, finding.value);
    topic = finding.topic;
    if (!finding.advice.empty()) {
      text += fmt::format("{:<11}{}{}:{} {}\n", "", colour ? mark : "", name(finding.state),
                          colour && !mark.empty() ? "\x1b[0m" : "", finding.advice);
    }
  }
  const size_t problems = problems_of(findings);
  return text + (problems == 0   ? std::string("\nNothing stands in the way.\n")
                 : problems == 1 ? std::string("\n1 problem stands in the way.\n")
                                 : fmt::format("\n{} problems stand in the way.\n", problems));
}

std::string describe_findings_as_json(const Findings& findings) {
  std::string text;
  wire::JsonWriter json(text, wire::JsonWriter::Layout::kPretty);
  json.begin_object().member("problems", problems_of(findings)).key("findings").begin_array();
  for (const Finding& finding : findings) {
    json.begin_object().member("topic", finding.topic).member("name", finding.name);
    json.member("value", finding.value).member("state", name(finding.state));
    json.member("advice", finding.advice).end_object();
  }
  json.end_array().end_object();
  return text;
}

Command doctor_command() noexcept {
  return {.name = kName,
          .summary = "Tell what was found here, and what would keep serve or train from working",
          .arguments = "",
          .options = kTable,
          .examples = {"ringmaker doctor", "ringmaker doctor --model-dir model --port 9000 --json"},
          .run = run_doctor};
}

}  // namespace ringmaker::cli
