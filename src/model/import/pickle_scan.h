// PickleScan: the bytes that a Python pickle carries, found without running it.
//
// A pickle is a program for a small machine, and one of a stranger may do anything. Its opcodes can
// be stepped over without doing what they say: each has an argument of a known form.
#pragma once

#include "base/result.h"

#include <cstddef>
#include <span>
#include <vector>

namespace ringmaker::model {

/// Protocol 2 or newer.
[[nodiscard]] bool is_pickle(std::span<const std::byte> bytes) noexcept;

struct PickledBytes {
  /// The longest byte string. Protocols before 3 have none, and spell a bytearray as a text of
  /// Latin-1, which is taken back here.
  std::vector<std::byte> longest;
  bool of_xgboost = false;  // it names xgboost.core
};

/// kCorrupt where the pickle is cut off or holds an opcode of no protocol up to 5.
[[nodiscard]] base::Result<PickledBytes> scan_pickle(std::span<const std::byte> bytes);

}  // namespace ringmaker::model
