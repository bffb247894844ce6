#include "data/schema.h"

#include "base/check.h"

namespace ringmaker::data {

std::string_view name(Task task) noexcept {
  switch (task) {
    case Task::kRegression:
      return "regression";
    case Task::kBinary:
      return "binary";
    case Task::kMulticlass:
      return "multiclass";
  }
  RM_UNREACHABLE();
}

}  // namespace ringmaker::data
