// TensorValues: the events of a part of a tensor's data become values, checked against the tensor's
// datatype: BYTES are texts, each of which is the code that its feature has for it.
//
// A part is flat, [1, 2, 3, 4], or nested, [[1, 2], [3, 4]]. Values of whole rows go straight to
// the rows of a block; those of one feature's tensor are gathered as doubles, for the rows are
// complete only with the last feature's.
#pragma once

#include "codec/category_index.h"
#include "codec/csv/field_converter.h"
#include "codec/decode_error.h"
#include "codec/tensors/tensor_type.h"
#include "data/schema.h"
#include "wire/json_events.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace ringmaker::codec {

/// Not thread-safe. `schema` and `categories` must outlive it.
class TensorValues final : public wire::JsonHandler {
 public:
  TensorValues(const data::Schema& schema, const CategoryIndex& categories)
      : schema_(schema), categories_(categories), converter_(schema.missing_markers) {}

  /// The tensor that the next parts belong to. `feature`: it holds that one's values alone.
  void begin_tensor(TensorType type, std::optional<size_t> feature, size_t columns);
  /// The next part. `rows`: where whole rows go, else `gathered` takes what comes.
  void begin_part(bool nested, float* rows, std::vector<double>* gathered) noexcept;
  /// Another text of the same part follows.
  void go_on() noexcept { depth_ = 0; }

  /// Of the part so far.
  [[nodiscard]] size_t values() const noexcept { return count_; }
  /// Set when a call answered "stop". Row is that of the part, from 1; byte is for the caller.
  [[nodiscard]] const DecodeError& error() const noexcept { return error_; }

  bool on_begin_array() override;
  bool on_end_array() override;
  bool on_begin_object() override;
  bool on_end_object() override { return true; }
  bool on_key(std::string_view /*key*/) override { return true; }
  bool on_number(double value, std::string_view token) override;
  bool on_string(std::string_view text) override;
  bool on_bool(bool truth) override;
  bool on_null() override;

 private:
  bool put(double value);
  bool fail(DecodeErrorCode code, std::string_view text);
  bool fail_value(DecodeErrorCode code, std::string_view text);
  /// Where a value of BYTES is none.
  bool fail_text(std::string_view what);

  const data::Schema& schema_;
  const CategoryIndex& categories_;
  FieldConverter converter_;
  TensorType type_ = TensorType::kFp32;
  std::optional<size_t> feature_;
  size_t columns_ = 1;

  bool nested_ = false;
  float* rows_ = nullptr;
  std::vector<double>* gathered_ = nullptr;
  size_t count_ = 0;
  size_t row_begin_ = 0;  // of the row that is open
  int depth_ = 0;
  DecodeError error_;
};

}  // namespace ringmaker::codec
