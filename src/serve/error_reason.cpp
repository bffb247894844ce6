#include "serve/error_reason.h"

#include <algorithm>
#include <array>

namespace ringmaker::serve {
namespace {

struct Entry {
  int status;  // 0: none tells it
  std::string_view name;
};

/// In the order of the enumeration.
constexpr std::array<Entry, kErrorReasons> kEntries{{
    {0, "payload"},
    {400, "bad_request"},
    {404, "not_found"},
    {405, "method_not_allowed"},
    {406, "not_acceptable"},
    {408, "timeout"},
    {409, "conflict"},
    {411, "length_required"},
    {413, "too_large"},
    {414, "target_too_long"},
    {415, "unsupported_type"},
    {417, "expectation_failed"},
    {431, "head_too_large"},
    {501, "not_implemented"},
    {503, "unavailable"},
    {505, "version"},
    {507, "no_memory"},
    {0, "other"},
    {0, "overload"},
    {0, "deadline"},
    {0, "client_gone"},
    {0, "connection_refused"},
    {0, "descriptors_exhausted"},
}};

}  // namespace

ErrorReason reason_of(int status) noexcept {
  const auto* const entry =
      std::find_if(kEntries.begin(), kEntries.end(),
                   [status](const Entry& one) { return one.status != 0 && one.status == status; });
  return entry == kEntries.end() ? ErrorReason::kOther
                                 : static_cast<ErrorReason>(entry - kEntries.begin());
}

std::string_view name(ErrorReason reason) noexcept {
  return kEntries[static_cast<size_t>(reason)].name;
}

}  // namespace ringmaker::serve
