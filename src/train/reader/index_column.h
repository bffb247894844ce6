// IndexColumn: a first column that nobody has named and that counts the rows, as pandas writes it:
// it is nothing to learn from, nor a label.
#pragma once

#include "train/reader/csv_table.h"

#include <string>

namespace ringmaker::train {

/// One sentence that says what to do about it, in one go; empty where there is none.
[[nodiscard]] std::string index_note(const CsvTable& table, const CsvOptions& options);

}  // namespace ringmaker::train
