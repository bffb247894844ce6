// TensorEncoder: an answer of the Open Inference Protocol (V2), one tensor an output.
//
//   {"model_name":"heart","id":"7","outputs":[
//     {"name":"probability","shape":[2],"datatype":"FP32","data":[0.1,0.9]},
//     {"name":"predicted_label","shape":[2],"datatype":"INT64","data":[0,1]}]}
//
// Tensors stand one behind the other, so that rows are gone through once for each. As bytes, all
// the JSON comes first and then the values; labels that are texts have no size known before, and
// are not given so. JSON has no NaN: such a value, and a label that nobody knows, are null; among
// bytes the label is the least INT64.
#pragma once

#include "codec/encoder.h"
#include "codec/selected/field_reader.h"
#include "codec/selected/output_selection.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ringmaker::codec {

/// The datatype in which an output is given: FP32, of labels INT64, FP64 or BYTES.
[[nodiscard]] std::string_view tensor_datatype(const data::OutputSchema& output, OutputField field);

class TensorEncoder final : public Encoder {
 public:
  /// `output` must outlive it; selection.check(output) holds. `as_bytes` requires that no output's
  /// datatype is BYTES.
  TensorEncoder(const data::OutputSchema& output, const OutputSelection& selection, bool as_bytes);

  [[nodiscard]] std::string_view content_type() const noexcept override;
  [[nodiscard]] bool wants_raw() const noexcept override { return selection_.wants_raw(); }
  [[nodiscard]] Explaining explaining() const noexcept override { return selection_.explaining(); }
  [[nodiscard]] bool needs_rows_total() const noexcept override { return true; }
  [[nodiscard]] size_t passes() const noexcept override { return selection_.fields().size(); }
  [[nodiscard]] std::optional<uint64_t> json_bytes(const Portion& portion) const override;
  void encode(data::DenseView scores, const Portion& portion, std::string& out) const override;
  [[nodiscard]] size_t bytes_max(size_t rows) const noexcept override;

 private:
  void append_head(size_t pass, uint64_t rows, std::string& out) const;
  void append_json(const Portion& portion, std::string& out) const;
  void append_bytes(size_t pass, const FieldReader::Row& row, size_t element,
                    std::string& out) const;
  [[nodiscard]] size_t value_bytes(size_t pass) const noexcept;

  FieldReader reader_;
  OutputSelection selection_;
  std::array<std::string_view, kOutputFields> datatypes_{};  // of each selected
  bool as_bytes_;
};

}  // namespace ringmaker::codec
