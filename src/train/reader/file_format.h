// What a training file is that is no CSV, by its first bytes: names are often missing or wrong.
#pragma once

#include <string_view>

namespace ringmaker::train {

/// "Parquet", "a zip archive, as .npz and .xlsx are", ...; empty where nothing speaks against text.
/// `start`: of the file, gzip taken off; the more of it, the better, 262 bytes tell all there is.
[[nodiscard]] std::string_view foreign_format(std::string_view start) noexcept;

}  // namespace ringmaker::train
