// ForeignFormat: what a file is that is not ours, so that its owner learns what to do.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

namespace ringmaker::model {

/// One sentence for a format that is recognised by its first bytes; nothing for all others.
[[nodiscard]] std::optional<std::string_view> foreign_format(std::span<const std::byte> bytes);

}  // namespace ringmaker::model
