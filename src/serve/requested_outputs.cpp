#include "serve/requested_outputs.h"

#include "base/text.h"
#include "serve/custom_attributes.h"

#include <algorithm>

namespace ringmaker::serve {
namespace {

constexpr std::string_view kName = "outputs";

bool is_ours(std::string_view name) noexcept {
  return base::equals_ignoring_case(base::trimmed(name), kName);
}

}  // namespace

std::optional<std::string_view> outputs_attribute(std::string_view attributes) noexcept {
  // Names of outputs hold no "=": one after a comma begins the next attribute.
  constexpr size_t kNone = std::string_view::npos;
  for (size_t at = 0; at < attributes.size();) {
    const size_t end = std::min(attributes.find_first_of(";,", at), attributes.size());
    const size_t equals = attributes.substr(0, end).find('=', at);
    if (equals == kNone || !is_ours(attributes.substr(at, equals - at))) {
      at = end + 1;
      continue;
    }
    const std::string_view rest = attributes.substr(equals + 1);
    std::string_view list = rest.substr(0, rest.find(';'));
    if (const size_t next = list.find('='); next != kNone) {
      list = list.substr(0, std::min(list.rfind(',', next), list.size()));
    }
    return list;
  }
  return std::nullopt;
}

base::Result<codec::OutputSelection> requested_outputs(const http::RequestHead& head,
                                                       const codec::OutputSelection& configured,
                                                       const data::OutputSchema& output) {
  codec::OutputSelection selection = configured;
  std::string scratch;
  if (const auto list = outputs_attribute(custom_attributes(head, scratch))) {
    RM_ASSIGN(selection, codec::OutputSelection::parse(*list));
  }
  RM_TRY(selection.check(output));
  return selection;
}

base::Result<codec::OutputSelection> requested_outputs(std::string_view list,
                                                       const data::OutputSchema& output) {
  RM_ASSIGN(const codec::OutputSelection selection, codec::OutputSelection::parse(list));
  RM_TRY(selection.check(output));
  return selection;
}

}  // namespace ringmaker::serve
