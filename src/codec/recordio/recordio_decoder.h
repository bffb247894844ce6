// RecordioDecoder: records of SageMaker's aialgs.data.Record, one row each.
//
//   Record { map<string, Value> features = 1; map<string, Value> label = 2; ... }
//   Value  { Float32Tensor = 2 | Float64Tensor = 3 | Int32Tensor = 7 | Bytes = 9 }
//   Tensor { values = 1; uint64 keys = 2; uint64 shape = 3 }
//
// The feature is called "values". Without keys a row is dense; with keys, or of a shape alone, it
// is sparse and features that are not listed have the value the schema gives to absent ones. Labels
// are ignored. Source: "Common Data Formats for Inference" of the SageMaker developer guide.
#pragma once

#include "codec/decoder.h"
#include "codec/record_loop.h"
#include "codec/recordio/recordio_reader.h"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace ringmaker::codec {

class RecordioDecoder final : public Decoder {
 public:
  explicit RecordioDecoder(const data::Schema& schema);

  using Decoder::reset;
  void reset(const PayloadOptions& options) noexcept override;
  DecodeProgress decode(std::string_view piece, bool last, size_t rows_max,
                        data::BlockWriter& writer) override;
  [[nodiscard]] const DecodeError& error() const noexcept override { return error_; }
  [[nodiscard]] MarkedRecords* marked() noexcept override { return &marked_; }
  [[nodiscard]] bool ignored_columns() const noexcept override { return false; }

  /// A record may have this many bytes.
  [[nodiscard]] static size_t record_bytes_max(size_t features) noexcept {
    return (size_t{1} << 20U) + features * 32;
  }

 private:
  template <class Format>
  friend DecodeProgress decode_records(Format& format, std::string_view piece, bool last,
                                       size_t rows_max, data::BlockWriter& writer);
  [[nodiscard]] RecordFound next_record(std::string_view piece, bool last, size_t& at);
  void put_back() { records_.put_back(); }
  [[nodiscard]] DecodeStatus finish();
  [[nodiscard]] bool read_record(float* row);
  [[nodiscard]] bool read_features(std::string_view entry);
  [[nodiscard]] bool read_value(std::string_view value);
  [[nodiscard]] bool read_tensor(uint32_t kind, std::string_view tensor);
  [[nodiscard]] bool fill_row(float* row);
  [[nodiscard]] bool fill_sparse(float* row);
  [[nodiscard]] float value_of(size_t feature, double value) const noexcept;
  [[nodiscard]] bool check_width(uint64_t found);
  void take(double value);
  bool fail(DecodeErrorCode code, std::string_view text);
  void fail_frame(RecordioReader::Found found);

  const data::Schema& schema_;
  RecordioReader records_;
  // Of the record being read:
  bool given_ = false;
  std::vector<double> values_;
  std::vector<uint64_t> keys_;
  std::optional<uint64_t> shape_;       // the last dimension
  double shape_values_ = 1;             // that the shape has room for
  std::optional<size_t> out_of_range_;  // the value that is too large for a float
  std::vector<uint64_t> row_of_;        // by feature: the row, from 1, that has listed it last
  uint64_t rows_ = 0;
  DecodeError error_;
  MarkedRecords marked_;
};

}  // namespace ringmaker::codec
