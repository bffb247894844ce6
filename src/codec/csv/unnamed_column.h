// UnnamedColumn: what a column is called whose cell of the header is empty, as pandas leaves that
// of an index: training gives it the name, serving knows it by it.
#pragma once

#include <cstddef>
#include <string>

namespace ringmaker::codec {

/// "column_3" for the column at `place`, counted from 0.
[[nodiscard]] inline std::string unnamed_column(size_t place) {
  return "column_" + std::to_string(place);
}

}  // namespace ringmaker::codec
