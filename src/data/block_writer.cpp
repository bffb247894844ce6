#include "data/block_writer.h"

#include <algorithm>

namespace ringmaker::data {

bool BlockWriter::grow() {
  if (growth_ == Growth::kFixed || block_.rows_capacity() >= rows_max_) {
    return false;
  }
  constexpr size_t kRowsMin = 64;
  block_.reserve(std::min(rows_max_, std::max(kRowsMin, block_.rows_capacity() * 2)));
  return true;
}

}  // namespace ringmaker::data
