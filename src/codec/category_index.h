// CategoryIndex: from the text of a category to its code.
#pragma once

#include "data/schema.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace ringmaker::codec {

/// Immutable. `schema` must outlive it.
class CategoryIndex {
 public:
  explicit CategoryIndex(const data::Schema& schema);

  /// No feature has texts.
  [[nodiscard]] bool empty() const noexcept { return by_text_.empty(); }
  /// The feature's categories have texts.
  [[nodiscard]] bool knows(size_t feature) const noexcept {
    return feature < by_text_.size() && !by_text_[feature].empty();
  }
  /// The code of the feature's category called `text`. U+FFFD in a category's name stands for a
  /// character that its file has lost: any one character is taken for it where no name is `text`.
  [[nodiscard]] std::optional<float> find(size_t feature, std::string_view text) const noexcept;
  /// The code of a feature that is a text: -1 for one that is none of its categories, letter by
  /// letter.
  [[nodiscard]] float code_of_text(size_t feature, std::string_view text) const noexcept;

 private:
  [[nodiscard]] std::optional<float> find_exactly(size_t feature,
                                                  std::string_view text) const noexcept;
  [[nodiscard]] std::optional<float> find_damaged(size_t feature,
                                                  std::string_view text) const noexcept;

  const data::Schema& schema_;
  std::vector<std::vector<uint32_t>> by_text_;  // of each feature: codes, sorted by text
};

}  // namespace ringmaker::codec
