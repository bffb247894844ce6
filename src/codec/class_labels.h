// ClassLabels: what the classes of a model are called in answers.
#pragma once

#include "data/schema.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ringmaker::codec {

/// Immutable. Classes without names are called by their index.
class ClassLabels {
 public:
  explicit ClassLabels(const data::OutputSchema& output);

  [[nodiscard]] size_t count() const noexcept { return text_.size(); }
  /// The name itself.
  [[nodiscard]] std::string_view text(size_t index) const noexcept { return text_[index]; }
  /// The name as JSON: a number where all names are numbers. Null for no class.
  [[nodiscard]] std::string_view json(std::optional<size_t> index) const noexcept;
  /// The number that the name is, else the index. NaN for no class.
  [[nodiscard]] float number(std::optional<size_t> index) const noexcept;
  /// The longest of either kind of text.
  [[nodiscard]] size_t bytes_max() const noexcept { return bytes_max_; }

 private:
  std::vector<std::string> text_;
  std::vector<std::string> json_;
  std::vector<float> number_;
  size_t bytes_max_ = 4;  // "null"
};

}  // namespace ringmaker::codec
