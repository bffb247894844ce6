// JsonNumber: numbers in JSON's grammar, correctly rounded however many digits they have.
#pragma once

#include <optional>
#include <string_view>

namespace ringmaker::wire {

/// All of `token` as a number: infinite where it is too large for a double, 0 where it is too
/// small; nothing where it is not JSON's grammar.
[[nodiscard]] std::optional<double> parse_json_number(std::string_view token) noexcept;

}  // namespace ringmaker::wire
