// The nearest of some names, for errors that suggest what was meant.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace ringmaker::base {

/// The candidate with the fewest edits (Damerau and Levenshtein), when they are few for its
/// length and leave something of it; else one that is words of the name ("label" of
/// "label_column") or has it for words ("csv_header" of "header"), the one most like it in length;
/// empty otherwise. Compares without case.
[[nodiscard]] std::string nearest_name(std::string_view name,
                                       std::span<const std::string> candidates);

/// "; did you mean "max_depth"?", or empty when nothing is near.
[[nodiscard]] std::string did_you_mean(std::string_view name,
                                       std::span<const std::string> candidates);

}  // namespace ringmaker::base
