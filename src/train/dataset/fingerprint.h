// Fingerprint: whether two models were trained on the same data.
//
// XXH3-64 of what was read, not of how it was written: values, labels, weights, names and classes.
// The same rows from one file or many, with LF or CR LF, gzip or plain, read by any number of
// threads, have the same fingerprint; another order of the rows has another.
#pragma once

#include "train/dataset/dataset.h"

#include <string>

namespace ringmaker::train {

/// "xxh3:" and 16 hexadecimal digits.
[[nodiscard]] std::string fingerprint(const Dataset& dataset);

}  // namespace ringmaker::train
