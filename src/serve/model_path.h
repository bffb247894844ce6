// ModelPath: what a path below /models names.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace ringmaker::serve {

/// /models, /models/NAME and /models/NAME/invoke. A name is any bytes, percent-encoded where a path
/// cannot hold them: one of "a/b" is written a%2Fb. It never is a path of the file system.
struct ModelPath {
  enum class Kind : unsigned char { kNone, kAll, kOne, kInvoke };

  Kind kind = Kind::kNone;
  std::string_view name;  // still encoded; a view of the path
};

[[nodiscard]] ModelPath parse_model_path(std::string_view path) noexcept;

/// Of a name that percent_decoded() does not read.
inline constexpr std::string_view kMalformedName =
    "the name of the model has a percent sign without two digits behind it";

/// Decoded once. Nothing where a percent sign is not followed by two hexadecimal digits.
[[nodiscard]] std::optional<std::string> percent_decoded(std::string_view text);

/// The value of `name`, in any case, in a query, decoded where that can be; nothing when it is not
/// given.
[[nodiscard]] std::optional<std::string> query_value(std::string_view query, std::string_view name);

}  // namespace ringmaker::serve
