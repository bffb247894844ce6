// What to do about columns that hold cells which cannot be used.
#pragma once

#include "data/dense_block.h"
#include "train/reader/cell_problems.h"
#include "train/reader/csv_layout.h"

#include <string>
#include <string_view>
#include <vector>

namespace ringmaker::train {

/// The parts that are named, and how many are not: a sentence has an end.
[[nodiscard]] std::string joined(std::vector<std::string> parts, std::string_view separator);

/// Sentences that begin with a blank; empty where labels and weights alone are wrong, which nothing
/// but other data mends. Columns of texts are to be dropped, one may be the label that nobody has
/// named; in columns of numbers the other cells may stand for missing values. `features` as
/// describe() takes them.
[[nodiscard]] std::string advice(const CellProblems& problems, data::DenseView features,
                                 const CsvLayout& layout);

}  // namespace ringmaker::train
