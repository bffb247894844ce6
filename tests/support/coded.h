// Coded: what the other side does before wire::Inflater undoes it.
#pragma once

#include "wire/inflater.h"

#include <string>
#include <string_view>

namespace ringmaker::test {

[[nodiscard]] std::string coded(wire::Coding coding, std::string_view text);
/// Deflate without zlib's wrapping, as some send it under this name and as zip files hold it.
[[nodiscard]] std::string bare_deflate(std::string_view text);

}  // namespace ringmaker::test
