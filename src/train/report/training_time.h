// The time that a model says it was trained at.
#pragma once

#include "base/result.h"

#include <ctime>
#include <optional>
#include <string>
#include <string_view>

namespace ringmaker::train {

/// SOURCE_DATE_EPOCH, seconds since 1970 as reproducible-builds.org has them: nothing where `text`
/// is empty, kInvalidInput where it is no such number up to the year 9999.
[[nodiscard]] base::Result<std::optional<std::time_t>> parse_source_date(std::string_view text);

/// RFC 3339, UTC: the source date where there is one; else nothing where a seed was given, so that
/// the same input gives the same bytes; else `now`.
[[nodiscard]] std::string training_time(std::optional<std::time_t> source_date, bool seeded,
                                        std::time_t now);

}  // namespace ringmaker::train
