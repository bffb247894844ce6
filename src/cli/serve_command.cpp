#include "cli/serve_command.h"

#include "cli/log_setup.h"
#include "config/serve_options.h"
#include "serve/server.h"

namespace ringmaker::cli {
namespace {

constexpr std::string_view kName = "serve";

base::Result<config::ServeOptions> read_options(const Call& call) {
  RM_ASSIGN(const config::OptionValues values, resolve(config::serve_option_table(), call));
  RM_ASSIGN(config::ServeOptions options, config::make_serve_options(values));
  options.platform = call.inside_sagemaker ? "sagemaker" : "local";
  return options;
}

int run_serve(const Call& call) {
  const auto options = read_options(call);
  if (!options) {
    return report_failure(kName, options.error(), call);
  }
  const base::SystemClock clock;
  telemetry::Log log(clock, log_options(options->log, call));
  log_surroundings(log, call, config::serve_option_table());
  const auto ended = serve::run_server(*options, log);
  log.flush();
  return ended ? 0 : report_failure(kName, ended.error(), call);
}

}  // namespace

Command serve_command() noexcept {
  return {.name = kName,
          .summary = "Answer /ping and /invocations with a model",
          .arguments = "",
          .options = config::serve_option_table(),
          .examples = {"ringmaker serve --model-dir model --port 8080",
                       "RINGMAKER_SHARDS=2 RINGMAKER_ACCESS_LOG=1/100 ringmaker serve --model-dir "
                       "model"},
          .run = run_serve,
          .of_the_platform = true};
}

}  // namespace ringmaker::cli
