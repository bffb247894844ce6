// OutputSelection: which facts about a row an answer holds, in the order asked for, where its
// reader does not want what the model's kind answers by itself.
//
// The names are those of SageMaker's SAGEMAKER_INFERENCE_OUTPUT:
//
//   predicted_label  the class the scores speak for   labels         all classes
//   probability      of class 1, or of the winner     probabilities  one a class
//   raw_score        the same before the link         raw_scores     one a class; [-margin, margin]
//   predicted_score  the value, or values, of a regression
//
// and two of our own:
//
//   contributions    what each feature adds to each margin, and the bias; one list a margin
//   leaf             the leaf of each tree, as the model's own library calls it
#pragma once

#include "base/result.h"
#include "data/schema.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace ringmaker::codec {

enum class OutputField : uint8_t {
  kPredictedLabel,
  kLabels,
  kProbability,
  kProbabilities,
  kRawScore,
  kRawScores,
  kPredictedScore,
  kContributions,
  kLeaf,
};
inline constexpr size_t kOutputFields = 9;

/// Which fields that explain an answer it holds; they cost whoever makes them.
struct Explaining {
  bool contributions = false;
  bool leaves = false;

  [[nodiscard]] bool any() const noexcept { return contributions || leaves; }
};

[[nodiscard]] std::string_view name(OutputField field) noexcept;

/// Whether models with such scores know the field.
[[nodiscard]] bool gives(const data::OutputSchema& output, OutputField field) noexcept;

/// A small value; each field at most once. Empty: what the model's kind answers by itself.
class OutputSelection {
 public:
  /// Names joined by commas; blanks and case do not matter. The error names what is unknown or
  /// there twice; a list without a name is an error too.
  [[nodiscard]] static base::Result<OutputSelection> parse(std::string_view list);

  [[nodiscard]] bool empty() const noexcept { return count_ == 0; }
  [[nodiscard]] std::span<const OutputField> fields() const noexcept {
    return std::span(fields_).first(count_);
  }
  [[nodiscard]] bool has(OutputField field) const noexcept;
  /// Some field is a raw value.
  [[nodiscard]] bool wants_raw() const noexcept {
    return has(OutputField::kRawScore) || has(OutputField::kRawScores);
  }
  /// In tensors, the values of fields()[place] are bytes. Requires place < fields().size().
  void give_as_bytes(size_t place) noexcept { as_bytes_[place] = true; }
  [[nodiscard]] bool as_bytes(size_t place) const noexcept { return as_bytes_[place]; }
  [[nodiscard]] Explaining explaining() const noexcept {
    return {has(OutputField::kContributions), has(OutputField::kLeaf)};
  }
  /// The error names the first field that such a model does not give, and what it gives.
  [[nodiscard]] base::Result<void> check(const data::OutputSchema& output) const;

  friend bool operator==(const OutputSelection& a, const OutputSelection& b) noexcept = default;

 private:
  std::array<OutputField, kOutputFields> fields_{};  // zero behind count_
  std::array<bool, kOutputFields> as_bytes_{};
  size_t count_ = 0;
};

/// What an answer holds by itself where it names what it holds: probability, or a margin's raw
/// score, with the label; probabilities with the label; the label alone; the predicted score.
[[nodiscard]] OutputSelection native_outputs(const data::OutputSchema& output);

}  // namespace ringmaker::codec
