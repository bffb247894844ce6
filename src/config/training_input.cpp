#include "config/training_input.h"

#include "config/config_file.h"
#include "wire/json_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

namespace ringmaker::config {
namespace {

/// Empty when the file does not exist.
base::Result<std::string> read_text(const std::string& path) {
  RM_ASSIGN(std::optional<std::string> text, read_config_file(path));
  return std::move(text).value_or("");
}

base::Result<std::string> text_member(const wire::JsonValue& object, std::string_view key,
                                      std::string_view otherwise) {
  const wire::JsonValue* member = object.find(key);
  if (member == nullptr || member->is_null()) {
    return std::string(otherwise);
  }
  if (!member->is_string()) {
    return base::fail(member->error("is not a string"));
  }
  return member->text();
}

template <class T>
base::Result<T> in_file(base::Result<T> result, const std::string& path) {
  if (!result) {
    return base::fail(result.error().within(path));
  }
  return result;
}

}  // namespace

TrainingPaths TrainingPaths::below(const std::string& root) {
  return {root,
          root + "/input/config",
          root + "/input/data",
          root + "/model",
          root + "/output/data",
          root + "/output/failure"};
}

base::Result<std::map<std::string, InputChannel>> parse_channels(std::string_view json) {
  std::map<std::string, InputChannel> channels;
  if (json.empty()) {
    return channels;
  }
  RM_ASSIGN(const wire::JsonValue document, wire::JsonValue::parse(json));
  RM_ASSIGN(const auto members, document.as_object());
  for (const wire::JsonValue& member : members) {
    if (!member.is_object()) {
      return base::fail(member.error("is not an object"));
    }
    InputChannel& channel = channels[member.key()];
    channel.name = member.key();
    RM_ASSIGN(channel.input_mode, text_member(member, "TrainingInputMode", "File"));
    RM_ASSIGN(channel.content_type, text_member(member, "ContentType", ""));
    RM_ASSIGN(channel.distribution, text_member(member, "S3DistributionType", "FullyReplicated"));
    RM_ASSIGN(channel.record_wrapper, text_member(member, "RecordWrapperType", "None"));
  }
  return channels;
}

base::Result<Resources> parse_resources(std::string_view json) {
  Resources resources;
  if (json.empty()) {
    return resources;
  }
  RM_ASSIGN(const wire::JsonValue document, wire::JsonValue::parse(json));
  RM_TRY(document.as_object());
  RM_ASSIGN(resources.current_host, text_member(document, "current_host", resources.current_host));
  resources.hosts = {resources.current_host};
  if (const wire::JsonValue* hosts = document.find("hosts")) {
    RM_ASSIGN(const auto names, hosts->as_array());
    resources.hosts.clear();
    if (names.empty()) {
      return base::fail(hosts->error("names no host"));
    }
    for (const wire::JsonValue& name : names) {
      if (!name.is_string()) {
        return base::fail(name.error("is not a string"));
      }
      resources.hosts.push_back(name.text());
    }
    // SageMaker sorts them, its local mode does not; all hosts must agree on the first.
    std::sort(resources.hosts.begin(), resources.hosts.end());
    if (const auto twin = std::ranges::adjacent_find(resources.hosts);
        twin != resources.hosts.end()) {
      return base::fail(hosts->error(fmt::format("names \"{}\" twice", *twin)));
    }
    if (!std::binary_search(resources.hosts.begin(), resources.hosts.end(),
                            resources.current_host)) {
      return base::fail(base::ErrorCode::kInvalidInput,
                        fmt::format("current_host \"{}\" is not one of the hosts {}",
                                    resources.current_host, fmt::join(resources.hosts, ", ")));
    }
  }
  return resources;
}

base::Result<Hyperparameters> read_hyperparameters(const TrainingPaths& paths) {
  const std::string path = paths.config + "/hyperparameters.json";
  RM_ASSIGN(const std::string text, read_text(path));
  return in_file(Hyperparameters::parse(text), path);
}

base::Result<TrainingInput> read_training_input(const TrainingPaths& paths) {
  TrainingInput input;
  RM_ASSIGN(input.hyperparameters, read_hyperparameters(paths));
  const std::string channels = paths.config + "/inputdataconfig.json";
  RM_ASSIGN(const std::string channel_text, read_text(channels));
  RM_ASSIGN(input.channels, in_file(parse_channels(channel_text), channels));
  std::string resources = paths.config + "/resourceconfig.json";
  std::error_code error;
  if (!std::filesystem::exists(resources, error) && !error) {
    resources = paths.config + "/resourceConfig.json";  // as very old jobs spell it
  }
  RM_ASSIGN(const std::string resource_text, read_text(resources));
  RM_ASSIGN(input.resources, in_file(parse_resources(resource_text), resources));
  return input;
}

}  // namespace ringmaker::config
