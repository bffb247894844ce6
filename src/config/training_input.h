// TrainingInput: the files SageMaker describes a training job with, as plain structs.
#pragma once

#include "base/result.h"
#include "config/hyperparameters.h"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace ringmaker::config {

/// Below SAGEMAKER_BASE_DIR, by default /opt/ml.
struct TrainingPaths {
  std::string root;
  std::string config;       // input/config
  std::string data;         // input/data
  std::string model;        // model
  std::string output_data;  // output/data
  std::string failure;      // output/failure

  [[nodiscard]] static TrainingPaths below(const std::string& root);
};

struct InputChannel {
  std::string name;
  std::string input_mode = "File";
  std::string content_type;  // empty when the job does not say
  std::string distribution = "FullyReplicated";
  std::string record_wrapper = "None";
};

struct Resources {
  std::string current_host = "algo-1";
  /// Sorted as text, current_host among them. The first leads.
  std::vector<std::string> hosts{"algo-1"};

  [[nodiscard]] bool leader() const noexcept { return current_host == hosts[0]; }
};

struct TrainingInput {
  Hyperparameters hyperparameters;
  std::map<std::string, InputChannel> channels;
  Resources resources;
};

/// The texts of inputdataconfig.json and resourceconfig.json; empty ones mean none, and one host.
[[nodiscard]] base::Result<std::map<std::string, InputChannel>> parse_channels(
    std::string_view json);
[[nodiscard]] base::Result<Resources> parse_resources(std::string_view json);

/// Of hyperparameters.json; none where there is no such file.
[[nodiscard]] base::Result<Hyperparameters> read_hyperparameters(const TrainingPaths& paths);

/// Missing files mean their defaults, except that there must be a channel.
[[nodiscard]] base::Result<TrainingInput> read_training_input(const TrainingPaths& paths);

}  // namespace ringmaker::config
