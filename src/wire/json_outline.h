// JsonOutline: a JSON text without its long lists of numbers.
//
// simdjson keeps four bytes for each comma and each number of a text, which for a model of 100 MB
// is 200 MB of fresh memory. In the outline "[]" stands for such a list, and the list is where it
// was.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace ringmaker::wire {

/// Keeps its memory between texts. Not thread-safe.
class JsonOutline {
 public:
  /// A list, brackets and all, of at least kBytesMin, that holds no text, list or object, and ASCII
  /// alone.
  struct List {
    size_t at;              // where its "[]" stands in text()
    std::string_view list;  // within the document
  };
  static constexpr size_t kBytesMin = 32;

  /// `document` is not checked, and outlives its outline.
  void draw(std::string_view document, size_t padding);

  /// With as many readable bytes behind it as were asked for.
  [[nodiscard]] std::string_view text() const noexcept { return text_; }
  /// In the order in which they stand.
  [[nodiscard]] const std::vector<List>& lists() const noexcept { return lists_; }
  /// Where in the document byte `at` of text() is, or the end.
  [[nodiscard]] size_t place_of(size_t at) const noexcept;

 private:
  std::string_view document_;
  std::string text_;
  std::vector<List> lists_;
};

}  // namespace ringmaker::wire
