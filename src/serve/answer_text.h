// AnswerText: the text of an answer with scores, portion after portion, from the values that a
// model has made of a payload's rows.
#pragma once

#include "batch/values.h"
#include "codec/encoder.h"
#include "data/dense_block.h"
#include "serve/invocation.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ringmaker::serve {

/// Keeps its room between answers. Not thread-safe: one a shard, which makes one text at a time.
class AnswerText {
 public:
  explicit AnswerText(size_t bytes_reserved) { text_.reserve(bytes_reserved); }

  void clear() noexcept { text_.clear(); }
  [[nodiscard]] size_t size() const noexcept { return text_.size(); }
  [[nodiscard]] std::string_view view() const noexcept { return text_; }

  /// `values` are what `invocation` keeps; of raw ones the scores are made here, so that only who
  /// asked for them pays.
  void append(Invocation& invocation, data::DenseView values, codec::Portion portion);
  /// The next row is in error.
  void append_mark(const Invocation& invocation, std::string_view sentence,
                   const codec::Portion& portion);
  /// Of an answer in tensors of which values follow as bytes: those of the JSON before them.
  [[nodiscard]] std::optional<uint64_t> json_bytes(Invocation& invocation, uint64_t rows);

 private:
  [[nodiscard]] std::string_view opening(const Invocation& invocation);

  std::string text_;
  std::string opening_;        // what an answer in tensors begins with
  std::vector<float> scores_;  // the scores of raw values
  batch::ValueParts parts_;    // of wide values
};

}  // namespace ringmaker::serve
