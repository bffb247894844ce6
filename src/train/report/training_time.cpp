#include "train/report/training_time.h"

#include "base/utc_time.h"

#include <fmt/core.h>

#include <charconv>

namespace ringmaker::train {
namespace {

constexpr std::time_t kYear9999Ends = 253'402'300'799;

std::string utc_text(std::time_t time) {
  const auto text = base::utc_time(time);
  return {text.data(), text.size()};
}

}  // namespace

base::Result<std::optional<std::time_t>> parse_source_date(std::string_view text) {
  if (text.empty()) {
    return std::optional<std::time_t>();
  }
  std::time_t time = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), time);
  if (error != std::errc() || end != text.data() + text.size() || time < 0 ||
      time > kYear9999Ends) {
    return base::fail(base::ErrorCode::kInvalidInput,
                      fmt::format("SOURCE_DATE_EPOCH is \"{}\"; it is a number of seconds since "
                                  "1970, from 0 to {}",
                                  text, kYear9999Ends));
  }
  return std::optional(time);
}

std::string training_time(std::optional<std::time_t> source_date, bool seeded, std::time_t now) {
  return source_date ? utc_text(*source_date) : seeded ? std::string() : utc_text(now);
}

}  // namespace ringmaker::train
