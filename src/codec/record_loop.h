// decode_records: the loop of the formats that have one row a record (JSON lines, libsvm,
// recordio), whatever a record is.
//
// A format says where the next record is and how one becomes a row; here is decided when to stop. A
// record that has no room yet is put back, so that it is found again, whatever becomes of the
// piece. A template, because a virtual call a row would be felt.
#pragma once

#include "codec/decoder.h"
#include "data/block_writer.h"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace ringmaker::codec {

enum class RecordFound : uint8_t {
  kRecord,
  kNothing,  // all of the piece was taken
  kError,    // the format has noted which
};

/// Format::decode() as Decoder promises it. A format has
///   RecordFound next_record(std::string_view piece, bool last, size_t& at)  moves `at` behind it
///   void put_back()                 the record found is found again by the next call
///   bool read_record(float* row)    false: in error
///   DecodeStatus finish()           kDone, or why the payload may not end here
///   uint64_t rows_                  rows of the payload so far
///   DecodeError error_              what is wrong with the record, the next row
///   MarkedRecords marked_           where it goes if the payload is not failed for it
template <class Format>
DecodeProgress decode_records(Format& format, std::string_view piece, bool last, size_t rows_max,
                              data::BlockWriter& writer) {
  size_t at = 0;
  size_t rows = 0;
  for (;;) {
    const RecordFound found = format.next_record(piece, last, at);
    if (found == RecordFound::kError) {
      return {DecodeStatus::kError, at, rows};
    }
    if (found == RecordFound::kNothing) {
      return {last ? format.finish() : DecodeStatus::kNeedMore, at, rows};
    }
    if (rows == rows_max || writer.full()) {
      format.put_back();
      return {rows == rows_max ? DecodeStatus::kPaused : DecodeStatus::kBlockFull, at, rows};
    }
    if (!format.read_record(writer.row())) {
      if (!format.marked_.wanted()) {
        return {DecodeStatus::kError, at, rows};
      }
      format.marked_.take(format.error_, writer.row(), writer.columns());
    }
    writer.commit_row();
    ++rows;
    ++format.rows_;
  }
}

}  // namespace ringmaker::codec
