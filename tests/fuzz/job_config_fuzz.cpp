// The files that describe a training job: read, or refused with a sentence; and what is read has
// the shape that the job relies on. The first byte picks the file.
#include "base/check.h"
#include "config/hyperparameters.h"
#include "config/training_input.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <string_view>

namespace {

using namespace ringmaker::config;

void read_hyperparameters(std::string_view text) {
  const auto parsed = Hyperparameters::parse(text);
  if (!parsed) {
    RM_CHECK(!parsed.error().message().empty());
    return;
  }
  for (const auto& [name, value] : parsed->all()) {
    RM_CHECK(!value.empty());
    RM_CHECK(!name.starts_with("sagemaker_"));
    const auto number = parsed->number(name, 1, -10, 10);
    RM_CHECK(!number || std::abs(*number) <= 10);
    const auto integer = parsed->integer(name, 1, 1, 100);
    RM_CHECK(!integer || (*integer >= 1 && *integer <= 100));
    RM_CHECK(number.has_value() || number.error().message().find(name) != std::string::npos);
    (void)parsed->boolean(name, false);
    (void)parsed->list(name);
  }
  constexpr std::array<std::string_view, 1> kKnown{"epochs"};
  (void)parsed->check_names(kKnown);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) {
    return 0;
  }
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  switch (data[0] % 3) {
    case 0:
      read_hyperparameters(text);
      break;
    case 1:
      if (const auto channels = parse_channels(text)) {
        for (const auto& [name, channel] : *channels) {
          RM_CHECK(name == channel.name);
        }
      }
      break;
    default:
      if (const auto resources = parse_resources(text)) {
        RM_CHECK(!resources->hosts.empty());
        RM_CHECK(std::is_sorted(resources->hosts.begin(), resources->hosts.end()));
        RM_CHECK(std::find(resources->hosts.begin(), resources->hosts.end(),
                           resources->current_host) != resources->hosts.end());
      }
  }
  return 0;
}
