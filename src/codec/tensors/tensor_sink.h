// TensorSink: where the rows of tensors go in one call of their decoder, and how many may.
#pragma once

#include "codec/decoder.h"
#include "data/block_writer.h"

#include <cstddef>

namespace ringmaker::codec {

/// A call that writes no rows ends after so many bytes.
inline constexpr size_t kTensorCallBytes = size_t{256} << 10U;

struct TensorSink {
  data::BlockWriter& writer;
  size_t rows_max = 0;
  size_t rows = 0;  // that went there

  /// kNeedMore: for one row at least.
  [[nodiscard]] DecodeStatus room() const noexcept {
    if (rows == rows_max) {
      return DecodeStatus::kPaused;
    }
    return writer.full() ? DecodeStatus::kBlockFull : DecodeStatus::kNeedMore;
  }
  void commit(size_t count) {
    writer.commit_rows(count);
    rows += count;
  }
};

}  // namespace ringmaker::codec
