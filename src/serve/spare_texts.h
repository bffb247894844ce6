// SpareTexts: strings that have been used, for those who need one for a moment, again and again:
// who needs none holds none, and who needs one does not ask for memory.
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace ringmaker::serve {

/// Not thread-safe.
class SpareTexts {
 public:
  /// Kept at a time; what is more, or larger, gives its memory back.
  static constexpr size_t kTextsMax = 16;
  static constexpr size_t kCapacityMax = size_t{128} << 10U;

  SpareTexts() { texts_.reserve(kTextsMax); }

  /// An empty one, with room where there is one that is spare.
  [[nodiscard]] std::string take() noexcept {
    if (texts_.empty()) {
      return {};
    }
    std::string text = std::move(texts_.back());
    texts_.pop_back();
    return text;
  }
  /// `text` is empty afterwards, and holds nothing.
  void give_back(std::string& text) noexcept {
    std::string used = std::exchange(text, std::string());
    if (texts_.size() < kTextsMax && used.capacity() <= kCapacityMax && !is_within(used)) {
      used.clear();
      texts_.push_back(std::move(used));
    }
  }

 private:
  /// It has no memory but its own.
  [[nodiscard]] static bool is_within(const std::string& text) noexcept {
    return text.capacity() == std::string().capacity();
  }

  std::vector<std::string> texts_;
};

}  // namespace ringmaker::serve
