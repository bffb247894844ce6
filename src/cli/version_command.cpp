#include "cli/version_command.h"

#include "base/cpu.h"
#include "base/version.h"
#include "cli/terminal.h"
#include "model/artifact_header.h"
#include "wire/json_writer.h"

#include <fmt/core.h>

namespace ringmaker::cli {
namespace {

constexpr std::string_view kName = "version";
constexpr std::array<config::Option, 1> kTable{{{"json", "", "false", "one JSON document"}}};

std::string as_json() {
  std::string text;
  wire::JsonWriter json(text, wire::JsonWriter::Layout::kPretty);
  json.begin_object().member("name", "ringmaker").member("version", base::kVersion);
  json.member("model_format", model::kArtifactVersion);
  json.member("instruction_set", base::name(base::detect_instruction_set()));
  json.member("compiler", __VERSION__).end_object();
  return text;
}

int run_version(const Call& call) {
  const auto values = resolve(kTable, call);
  if (!values) {
    return report(kName, values.error(), call.environment);
  }
  const auto json = values->boolean("json");
  if (!json) {
    return report(kName, json.error(), call.environment);
  }
  return print_result(kName, *json ? as_json() : fmt::format("ringmaker {}\n", base::kVersion),
                      call.environment);
}

}  // namespace

Command version_command() noexcept {
  return {.name = kName,
          .summary = "Print the version",
          .arguments = "",
          .options = kTable,
          .examples = {"ringmaker version", "ringmaker version --json"},
          .run = run_version};
}

}  // namespace ringmaker::cli
