#include "cli/command_line.h"

#include "base/nearest_name.h"
#include "base/version.h"
#include "cli/inspect_command.h"
#include "cli/predict_command.h"
#include "cli/serve_command.h"
#include "cli/train_command.h"
#include "config/serve_options.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace ringmaker::cli {
namespace {

constexpr int kUserFault = 2;

/// Inside SageMaker the platform decides the arguments: those that mean nothing are only told of.
bool inside_sagemaker(const config::Texts& flags) {
  const config::Texts environment = config::read_environment();
  if (const auto told = environment.find("RINGMAKER_PLATFORM"); told != environment.end()) {
    return told->second == "sagemaker";
  }
  return std::none_of(flags.begin(), flags.end(), [](const auto& flag) {
    return (flag.first == "data" || flag.first == "model-dir" || flag.first == "port") &&
           !flag.second.empty();
  });
}

struct Verb {
  std::string name;
  std::function<int(const config::Texts&, bool)> run;
  CLI::App* app = nullptr;
  config::Texts flags;
};

void add_options(Verb& verb, std::span<const config::Option> table) {
  for (const config::Option& option : table) {
    std::string help(option.help);
    help += fmt::format(" [{}]", config::variable_of(option.name));
    if (!option.default_value.empty()) {
      help += fmt::format(" (default {})", option.default_value);
    }
    verb.app->add_option(fmt::format("--{}", option.name), verb.flags[std::string(option.name)],
                         help);
  }
  verb.app->add_option("--config", verb.flags["config"], "TOML file with options");
  verb.app->allow_extras();
}

/// Strays inside SageMaker are a warning, elsewhere an error.
bool accept_extras(const Verb& verb, bool sagemaker) {
  const std::vector<std::string> extras = verb.app->remaining();
  if (extras.empty()) {
    return true;
  }
  if (sagemaker) {
    fmt::print(stderr, "ringmaker {}: unknown arguments are ignored: {}\n", verb.name,
               fmt::join(extras, " "));
    return true;
  }
  std::vector<std::string> names;
  for (const auto& [name, value] : verb.flags) {
    names.push_back("--" + name);
  }
  const std::string flag = extras.front().substr(0, extras.front().find('='));
  fmt::print(stderr, "ringmaker {}: unknown argument \"{}\"{}\n", verb.name, extras.front(),
             base::did_you_mean(flag, names));
  return false;
}

int run_verb(const Verb& verb) {
  const bool sagemaker = inside_sagemaker(verb.flags);
  if (!accept_extras(verb, sagemaker)) {
    return kUserFault;
  }
  return verb.run(verb.flags, sagemaker);
}

/// Called through a link named after a verb, as containers do: `serve` is `ringmaker serve`.
std::vector<std::string> arguments_of(int argc, char** argv) {
  std::vector<std::string> arguments(argv + 1, argv + argc);
  const std::string name = std::filesystem::path(argv[0]).filename().string();
  if (name == "serve" || name == "train") {
    arguments.insert(arguments.begin(), name);
  }
  return arguments;
}

bool knows(const CLI::App& app, const std::string& verb) {
  const auto known = app.get_subcommands([](const CLI::App*) { return true; });
  return std::any_of(known.begin(), known.end(),
                     [&verb](const CLI::App* command) { return command->get_name() == verb; });
}

int report(std::string_view verb, const base::Error& error) {
  fmt::print(stderr, "ringmaker {}: {}\n", verb, error.message());
  return exit_code(error);
}

/// `predict` and `inspect`: their options are flags alone.
struct OfflineVerbs {
  CLI::App* predict = nullptr;
  CLI::App* inspect = nullptr;
  PredictOptions prediction;
  std::string model_dir;
  bool as_json = false;

  void add_to(CLI::App& app) {
    predict = app.add_subcommand("predict", "Score the rows of a CSV file, without a server");
    predict->add_option("--model", prediction.model, "model file, or directory that holds one")
        ->required();
    predict->add_option("input", prediction.input, "CSV without label (default -, standard input)");
    predict->add_option("-o,--output", prediction.output, "where answers go (default -)");
    predict->add_option("--outputs", prediction.outputs,
                        "comma list of score, predicted_label, probability, probabilities, labels");
    predict->add_flag("--keep-input", prediction.keep_input, "write each row before its answer");
    inspect = app.add_subcommand("inspect", "Tell what a model is");
    inspect->add_option("--model-dir", model_dir, "directory of the model, or its file")
        ->required();
    inspect->add_flag("--json", as_json, "as one JSON document");
  }

  [[nodiscard]] int run() const {
    if (predict->parsed()) {
      const auto done = predict_file(prediction);
      return done ? 0 : report("predict", done.error());
    }
    const auto text = inspect_model(model_dir, as_json);
    if (!text) {
      return report("inspect", text.error());
    }
    fmt::print("{}", *text);
    return 0;
  }
};

int unknown_command(const std::string& name) {
  const std::vector<std::string> verbs{"train", "serve", "predict", "inspect", "doctor", "version"};
  fmt::print(stderr, "ringmaker: unknown command \"{}\"{}\n", name,
             base::did_you_mean(name, verbs));
  return kUserFault;
}

int run_checked(int argc, char** argv) {
  CLI::App app("Ringmaker: train and serve tabular models behind Amazon SageMaker", "ringmaker");
  app.require_subcommand(0, 1);
  app.footer(
      "Examples:\n"
      "  ringmaker train --data iris.csv --label species --model-dir model\n"
      "  ringmaker serve --model-dir model --port 8080");
  std::vector<Verb> verbs(2);
  verbs[0].name = "serve";
  verbs[0].run = run_serve;
  verbs[0].app = app.add_subcommand("serve", "Answer /ping and /invocations with a model");
  add_options(verbs[0], config::serve_option_table());
  verbs[1].name = "train";
  verbs[1].run = run_train;
  verbs[1].app = app.add_subcommand("train", "Train a model on CSV data");
  add_options(verbs[1], train_option_table());
  OfflineVerbs offline;
  offline.add_to(app);
  CLI::App* version = app.add_subcommand("version", "Print the version");

  std::vector<std::string> arguments = arguments_of(argc, argv);
  if (!arguments.empty() && !arguments.front().starts_with('-') && !knows(app, arguments.front())) {
    return unknown_command(arguments.front());
  }
  std::reverse(arguments.begin(), arguments.end());
  try {
    app.parse(arguments);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : kUserFault;
  }
  if (version->parsed()) {
    fmt::print("ringmaker {}\n", base::kVersion);
    return 0;
  }
  if (offline.predict->parsed() || offline.inspect->parsed()) {
    return offline.run();
  }
  for (const Verb& verb : verbs) {
    if (verb.app->parsed()) {
      return run_verb(verb);
    }
  }
  fmt::print("{}", app.help());
  return kUserFault;
}

}  // namespace

int run(int argc, char** argv) {
  // Libraries may throw; nothing leaves the program that way.
  try {
    return run_checked(argc, argv);
  } catch (const std::exception& error) {
    fmt::print(stderr, "ringmaker: internal error: {}\n", error.what());
    return 1;
  }
}

}  // namespace ringmaker::cli
