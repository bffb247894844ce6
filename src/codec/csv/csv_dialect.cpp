#include "codec/csv/csv_dialect.h"

#include "base/text.h"
#include "wire/number_parse.h"

#include <algorithm>
#include <array>

namespace ringmaker::codec {

namespace {

/// Semicolons separate, and each comma is the decimal point of a number: "1,5;2,5".
bool has_decimal_commas(std::string_view line) noexcept {
  if (line.find(';') == std::string_view::npos || line.find(',') == std::string_view::npos) {
    return false;
  }
  line = line.substr(0, line.find_last_not_of("\r\n") + 1);
  for (size_t begin = 0; begin <= line.size();) {
    const size_t end = std::min(line.find(';', begin), line.size());
    const std::string_view field = line.substr(begin, end - begin);
    if (field.find(',') != std::string_view::npos && !wire::is_decimal_comma(field)) {
      return false;
    }
    begin = end + 1;
  }
  return true;
}

}  // namespace

char sniff_separator(std::string_view line, size_t columns) noexcept {
  constexpr std::string_view kSeparators = ",;\t|";
  std::array<size_t, kSeparators.size()> counts{};
  bool quoted = false;
  for (const char c : line) {
    quoted ^= c == '"';
    const size_t at = kSeparators.find(c);
    if (!quoted && at != std::string_view::npos) {
      ++counts[at];
    }
  }
  size_t best = 0;
  for (size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] > 0 && counts[i] + 1 == columns) {
      return kSeparators[i];
    }
    best = counts[i] > counts[best] ? i : best;
  }
  return has_decimal_commas(line) ? ';' : kSeparators[best];
}

bool has_bare_return(std::string_view line) noexcept {
  bool quoted = false;
  bool after_return = false;
  for (const char c : line) {
    constexpr std::string_view kNoText = "\r\n \t,;|";
    if (after_return && kNoText.find(c) == std::string_view::npos) {
      return true;
    }
    quoted ^= c == '"';
    after_return = c == '\r' && !quoted;
  }
  return false;
}

bool looks_like_utf16(std::string_view line) noexcept {
  if (line.starts_with("\xFF\xFE") || line.starts_with("\xFE\xFF")) {
    return true;
  }
  constexpr size_t kLookedAt = 64;
  const std::string_view start = line.substr(0, kLookedAt);
  std::array<size_t, 2> nuls{};  // at even places, at odd ones
  for (size_t i = 0; i < start.size(); ++i) {
    nuls[i % 2] += start[i] == '\0' ? 1 : 0;
  }
  const size_t odd = start.size() / 2;
  const size_t even = start.size() - odd;
  return start.size() > 1 &&
         ((nuls[0] == even && nuls[1] == 0) || (nuls[0] == 0 && nuls[1] == odd));
}

bool holds_nul(std::string_view line) noexcept { return line.find('\0') != std::string_view::npos; }

size_t blank_separated_values(std::string_view line, size_t columns) noexcept {
  if (line.find_first_of("\",;\t|") != std::string_view::npos) {
    return 0;
  }
  size_t values = 0;
  bool numbers = true;
  while (!line.empty()) {
    const size_t end = std::min(line.find_first_of(" \r"), line.size());
    if (end > 0) {
      ++values;
      numbers &= wire::parse_float(line.substr(0, end)).ok();
    }
    line.remove_prefix(std::min(end + 1, line.size()));
  }
  return values > 1 && (numbers || values == columns) ? values : 0;
}

bool is_blank_line(std::string_view line) noexcept {
  return line.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

bool names_something(std::string_view text) noexcept {
  constexpr std::array<std::string_view, 5> kMissingElsewhere{"n/a", "#n/a", "<na>", "none", "\\n"};
  const bool some_letter = std::ranges::any_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           static_cast<unsigned char>(c) >= 0x80;
  });
  return some_letter && std::ranges::none_of(kMissingElsewhere, [&](std::string_view missing) {
           return base::equals_ignoring_case(text, missing);
         });
}

}  // namespace ringmaker::codec
