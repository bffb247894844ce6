#include "base/nearest_name.h"

#include <algorithm>
#include <cctype>
#include <vector>

namespace ringmaker::base {
namespace {

char lower(char c) noexcept {
  return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
}

/// Insertions, deletions, substitutions and swaps of neighbours.
size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<size_t> before(b.size() + 1);
  std::vector<size_t> last(b.size() + 1);
  std::vector<size_t> row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) {
    last[j] = j;
  }
  for (size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const bool same = lower(a[i - 1]) == lower(b[j - 1]);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (same ? 0 : 1)});
      if (i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) &&
          lower(a[i - 2]) == lower(b[j - 1])) {
        row[j] = std::min(row[j], before[j - 2] + 1);
      }
    }
    std::swap(before, last);
    std::swap(last, row);
  }
  return last[b.size()];
}

bool is_word_character(char c) noexcept { return std::isalnum(static_cast<unsigned char>(c)) != 0; }

/// `part` is some of the words of `whole`: a letter alone says too little.
bool holds_words(std::string_view whole, std::string_view part) {
  constexpr size_t kBytesMin = 2;
  if (part.size() < kBytesMin || part.size() >= whole.size()) {
    return false;
  }
  const auto same = [](char a, char b) { return lower(a) == lower(b); };
  for (size_t at = 0; at + part.size() <= whole.size(); ++at) {
    const size_t end = at + part.size();
    if ((at == 0 || !is_word_character(whole[at - 1])) &&
        (end == whole.size() || !is_word_character(whole[end])) &&
        std::ranges::equal(whole.substr(at, part.size()), part, same)) {
      return true;
    }
  }
  return false;
}

/// Of names that are a longer or a shorter form of this one, that which shares most of its length.
std::string other_form(std::string_view name, std::span<const std::string> candidates) {
  std::string best;
  double best_share = 0;
  for (const std::string& candidate : candidates) {
    const auto [shorter, longer] = std::minmax({name.size(), candidate.size()});
    const double share = static_cast<double>(shorter) / static_cast<double>(longer);
    if (share > best_share && (holds_words(name, candidate) || holds_words(candidate, name))) {
      best = candidate;
      best_share = share;
    }
  }
  return best;
}

}  // namespace

std::string nearest_name(std::string_view name, std::span<const std::string> candidates) {
  std::string best;
  size_t best_distance = SIZE_MAX;
  for (const std::string& candidate : candidates) {
    const size_t distance = edit_distance(name, candidate);
    const bool alike = distance < std::max(name.size(), candidate.size());
    if (alike && distance < best_distance &&
        distance <= std::max<size_t>(1, candidate.size() / 3)) {
      best = candidate;
      best_distance = distance;
    }
  }
  return best.empty() ? other_form(name, candidates) : best;
}

std::string did_you_mean(std::string_view name, std::span<const std::string> candidates) {
  const std::string nearest = nearest_name(name, candidates);
  return nearest.empty() ? "" : "; did you mean \"" + nearest + "\"?";
}

}  // namespace ringmaker::base
