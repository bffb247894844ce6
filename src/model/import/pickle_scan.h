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

/// Protocol 2 or newer; of the older ones an object, a list or a dictionary.
[[nodiscard]] bool is_pickle(std::span<const std::byte> bytes) noexcept;

struct PickleContent {
  /// Shorter ones are no model, and left out.
  static constexpr size_t kStringBytesMin = 16;

  /// The outermost object, the one that loading the pickle would give, is of a class of XGBoost's.
  bool of_xgboost = false;
  /// It was written by joblib, which puts the bytes of arrays between opcodes: nothing behind the
  /// first of them was read.
  bool by_joblib = false;
  /// Byte strings, where it is of XGBoost's. Protocols before 3 have none, and spell a bytearray as
  /// a text of Latin-1, which is taken back here.
  std::vector<std::vector<std::byte>> strings = {};
};

/// kCorrupt where the pickle of an object of XGBoost's is cut off or holds an opcode of no protocol
/// up to 5. Of any other only so much is read as tells that it is one.
[[nodiscard]] base::Result<PickleContent> scan_pickle(std::span<const std::byte> bytes);

}  // namespace ringmaker::model
