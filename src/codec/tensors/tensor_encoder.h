// TensorEncoder: an answer of the Open Inference Protocol (V2), one tensor an output.
//
//   {"model_name":"heart","id":"7","outputs":[
//     {"name":"probability","shape":[2],"datatype":"FP32","data":[0.1,0.9]},
//     {"name":"predicted_label","shape":[2],"datatype":"INT64","data":[0,1]}]}
//
// Tensors stand one behind the other, so that rows are gone through once for each. Values of those
// that the selection gives as bytes come behind all of the JSON, which tells how many bytes they
// are:
//
//   {..."outputs":[{"name":"probability","shape":[2],"datatype":"FP32","data":[0.1,0.9]},
//     {"name":"predicted_label","shape":[2],"datatype":"BYTES",
//      "parameters":{"binary_data_size":13}}]}<2>no<3>yes      each length a little-endian uint32
//
// How long texts are, and JSON that stands before bytes, only the rows tell: a pass before the
// others finds out. JSON has no NaN: such a value, and a label that nobody knows, are null; among
// bytes the label is the least INT64, or an empty text.
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
  /// `output` must outlive it; selection.check(output) holds.
  TensorEncoder(const data::OutputSchema& output, const OutputSelection& selection);

  [[nodiscard]] std::string_view content_type() const noexcept override;
  [[nodiscard]] bool wants_raw() const noexcept override { return selection_.wants_raw(); }
  [[nodiscard]] Explaining explaining() const noexcept override { return selection_.explaining(); }
  [[nodiscard]] bool needs_rows_total() const noexcept override { return true; }
  [[nodiscard]] size_t passes() const noexcept override { return (measures_ ? 1 : 0) + outputs(); }
  [[nodiscard]] std::optional<uint64_t> json_bytes(const Portion& portion) const override;
  void encode(data::DenseView scores, const Portion& portion, std::string& out) const override;
  [[nodiscard]] size_t bytes_max(size_t rows) const noexcept override;

 private:
  // Outputs by their place in the selection
  [[nodiscard]] size_t outputs() const noexcept { return selection_.fields().size(); }
  [[nodiscard]] size_t value_bytes(size_t output) const noexcept;
  [[nodiscard]] uint64_t data_bytes(size_t output, const Portion& portion) const noexcept;
  void append_opening(const Portion& portion, std::string& out) const;
  void append_head(size_t output, const Portion& portion, std::string& out) const;
  void append_heads_of_bytes(size_t output, const Portion& portion, std::string& out) const;
  void append_values(size_t output, data::DenseView scores, const Portion& portion,
                     std::string& out) const;
  void append_bytes(size_t output, const FieldReader::Row& row, size_t element,
                    std::string& out) const;
  void measure(data::DenseView scores, const Portion& portion, std::string& out) const;

  FieldReader reader_;
  OutputSelection selection_;
  std::array<std::string_view, kOutputFields> datatypes_{};  // of each output
  std::array<size_t, kOutputFields> order_{};  // in which they are written: those as JSON first
  size_t as_json_ = 0;                         // so many of them
  bool measures_ = false;                      // in a pass before the others
};

}  // namespace ringmaker::codec
