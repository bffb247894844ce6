// CategoryIndex: from the text of a category to its code.
//
// A category may be called "12" or "NA": where values come as text, a category's name is looked for
// before the text is taken for a number (a code) or for what is missing.
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
  [[nodiscard]] bool empty() const noexcept {
    return by_text_.empty() && schema_.text_features.empty();
  }
  /// The code of `text` where the feature is a text, or has a category called so, letter by letter.
  [[nodiscard]] std::optional<float> code_of(size_t feature, std::string_view text) const noexcept;
  /// The value of what reads as no number: code_of(), else that of a damaged name, else NaN where
  /// unknown texts are missing. U+FFFD in a category's name stands for a character that its file
  /// has lost, and any one character is taken for it. None: the text means nothing to the feature.
  [[nodiscard]] std::optional<float> value_of(size_t feature, std::string_view text) const noexcept;
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
