#include "config/platform_variables.h"

#include <algorithm>
#include <array>

namespace ringmaker::config {
namespace {

constexpr std::string_view kPrefix = "SAGEMAKER_";

// Set by the platform or by SDKs, and rightly without an effect here: facts about the job, and the
// sizes of servers written in Java or Python.
constexpr std::array<std::string_view, 25> kWithoutMeaning{"SAGEMAKER_SAFE_PORT_RANGE",
                                                           "SAGEMAKER_PROGRAM",
                                                           "SAGEMAKER_SUBMIT_DIRECTORY",
                                                           "SAGEMAKER_REGION",
                                                           "SAGEMAKER_JOB_NAME",
                                                           "SAGEMAKER_BASE_DIR",
                                                           "SAGEMAKER_BIND_TO_PORT",
                                                           "SAGEMAKER_BATCH",
                                                           "SAGEMAKER_BATCH_STRATEGY",
                                                           "SAGEMAKER_MAX_CONCURRENT_TRANSFORMS",
                                                           "SAGEMAKER_MAX_PAYLOAD_IN_MB",
                                                           "SAGEMAKER_MAX_REQUEST_SIZE",
                                                           "SAGEMAKER_MODEL_SERVER_WORKERS",
                                                           "SAGEMAKER_NUM_MODEL_WORKERS",
                                                           "SAGEMAKER_MODEL_SERVER_TIMEOUT",
                                                           "SAGEMAKER_MODEL_SERVER_TIMEOUT_SECONDS",
                                                           "SAGEMAKER_MODEL_JOB_QUEUE_SIZE",
                                                           "SAGEMAKER_STARTUP_TIMEOUT",
                                                           "SAGEMAKER_HANDLER",
                                                           "SAGEMAKER_MODEL_SERVER_VMARGS",
                                                           "SAGEMAKER_MAX_HEAP_SIZE",
                                                           "SAGEMAKER_MAX_DIRECT_MEMORY_SIZE",
                                                           "SAGEMAKER_DEFAULT_INVOCATIONS_ACCEPT",
                                                           "SAGEMAKER_CONTAINER_LOG_LEVEL",
                                                           "SAGEMAKER_INFERENCE_OUTPUT"};
constexpr std::array<std::string_view, 5> kOtherStacks{"SAGEMAKER_TFS_", "SAGEMAKER_GUNICORN_",
                                                       "SAGEMAKER_TS_", "SAGEMAKER_NGINX_",
                                                       "SAGEMAKER_MANAGED_"};

template <class Names>
bool holds(const Names& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool taken_by(std::span<const Option> table, std::string_view name) {
  return std::any_of(table.begin(), table.end(), [name](const Option& option) {
    return std::any_of(option.platform.begin(), option.platform.end(),
                       [name](const PlatformVariable& one) { return one.name == name; });
  });
}

}  // namespace

std::vector<std::string> unknown_platform_variables(std::span<const Option> table,
                                                    const Texts& environment) {
  std::vector<std::string> unknown;
  for (const auto& [name, value] : environment) {
    const std::string_view text = name;
    const bool known =
        taken_by(table, text) || holds(kWithoutMeaning, text) ||
        std::any_of(kOtherStacks.begin(), kOtherStacks.end(),
                    [text](std::string_view stack) { return text.starts_with(stack); });
    if (text.starts_with(kPrefix) && !known) {
      unknown.push_back(name);
    }
  }
  return unknown;
}

}  // namespace ringmaker::config
