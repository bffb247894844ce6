// ForeignFormat: what a file is that is not ours, so that its owner learns what to do.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

namespace ringmaker::model {

/// So many of a file's first bytes are looked at.
inline constexpr size_t kForeignFormatBytes = 4096;

/// One sentence for a format that is recognised by its first bytes; nothing for all others.
[[nodiscard]] std::optional<std::string_view> foreign_format(std::span<const std::byte> bytes);
/// The first byte that is not blank begins an object or a list of JSON.
[[nodiscard]] bool is_json(std::span<const std::byte> bytes) noexcept;

}  // namespace ringmaker::model
