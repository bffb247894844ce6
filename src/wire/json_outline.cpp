#include "wire/json_outline.h"

#include <algorithm>

namespace ringmaker::wire {
namespace {

constexpr std::string_view kPlaceholder = "[]";

/// What a list of numbers does not hold, and what ends it; of a text beyond ASCII simdjson shall
/// say whether it is UTF-8. No branches: a loop over it is vectorised.
bool ends_flat(char c) noexcept {
  return static_cast<int>(c == '"') + static_cast<int>(c == '\\') + static_cast<int>(c == '[') +
             static_cast<int>(c == ']') + static_cast<int>(c == '{') + static_cast<int>(c == '}') +
             static_cast<int>(static_cast<signed char>(c) < 0) !=
         0;
}

/// The first character from `at` on that a list of numbers does not hold, or the end.
size_t end_of_flat(std::string_view text, size_t at) noexcept {
  constexpr size_t kStep = 64;
  while (at + kStep <= text.size()) {
    unsigned found = 0;
    for (size_t i = 0; i < kStep; ++i) {
      found |= ends_flat(text[at + i]) ? 1U : 0U;
    }
    if (found != 0) {
      break;
    }
    at += kStep;
  }
  while (at < text.size() && !ends_flat(text[at])) {
    ++at;
  }
  return at;
}

/// Behind the quote that ends the string whose text begins at `at`, or the end.
size_t end_of_string(std::string_view text, size_t at) noexcept {
  while (at < text.size() && text[at] != '"') {
    at += text[at] == '\\' ? 2 : 1;
  }
  return std::min(at + 1, text.size());
}

}  // namespace

void JsonOutline::draw(std::string_view document, size_t padding) {
  document_ = document;
  text_.clear();
  lists_.clear();
  size_t copied = 0;
  for (size_t at = end_of_flat(document, 0); at < document.size(); at = end_of_flat(document, at)) {
    const char c = document[at++];
    if (c == '"') {
      at = end_of_string(document, at);
    } else if (c == '[') {
      const size_t begin = at - 1;
      at = end_of_flat(document, at);
      if (at < document.size() && document[at] == ']' && at + 1 - begin >= kBytesMin) {
        ++at;
        text_ += document.substr(copied, begin - copied);
        lists_.push_back({text_.size(), document.substr(begin, at - begin)});
        text_ += kPlaceholder;
        copied = at;
      }
    }
  }
  text_ += document.substr(copied);
  text_.reserve(text_.size() + padding);
}

size_t JsonOutline::place_of(size_t at) const noexcept {
  const auto behind = std::ranges::lower_bound(lists_, at, {}, &List::at);
  if (behind == lists_.begin()) {
    return at;
  }
  const List& before = *(behind - 1);
  const auto end = static_cast<size_t>(before.list.end() - document_.begin());
  const size_t left = before.at + kPlaceholder.size();
  return at < left ? end - 1 : std::min(end + (at - left), document_.size());
}

}  // namespace ringmaker::wire
