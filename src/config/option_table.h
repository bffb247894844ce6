// OptionTable: the options of a command, each a line of a table, and where their values come from.
//
//   command line  >  RINGMAKER_<NAME>  >  SAGEMAKER_... (the names AWS gave)  >  --config file  >
//   default
//
// A misspelt RINGMAKER_ variable or key of the file is an error with a suggestion: a setting that
// silently does nothing is worse than none.
#pragma once

#include "base/result.h"

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ringmaker::config {

struct Option {
  std::string_view name;           // "batch-rows-max"; variable RINGMAKER_BATCH_ROWS_MAX
  std::string_view default_value;  // as text
  std::string_view help;           // what it does, with its unit
  std::string_view aws_variable;   // an AWS name of the same meaning, or empty
};

/// name -> value, as given.
using Texts = std::map<std::string, std::string, std::less<>>;

struct OptionValue {
  std::string text;
  std::string origin;  // "default", "--port", "RINGMAKER_PORT", "SAGEMAKER_...", "ringmaker.toml"
};

class OptionValues {
 public:
  [[nodiscard]] const OptionValue& get(std::string_view name) const;
  [[nodiscard]] const std::string& text(std::string_view name) const { return get(name).text; }
  /// An integer in [least, greatest]; the error names option, origin, value and range.
  [[nodiscard]] base::Result<uint64_t> integer(std::string_view name, uint64_t least,
                                               uint64_t greatest) const;
  /// One of `choices`.
  [[nodiscard]] base::Result<std::string> choice(std::string_view name,
                                                 std::span<const std::string_view> choices) const;
  /// "name=value" of all that differ from their defaults, in the table's order.
  [[nodiscard]] std::string differences() const;
  [[nodiscard]] std::span<const std::string> names() const noexcept { return names_; }

 private:
  friend base::Result<OptionValues> resolve_options(std::span<const Option> table,
                                                    const Texts& flags, const Texts& environment,
                                                    const Texts& file,
                                                    std::span<const std::string_view> known);
  std::vector<std::string> names_;
  std::map<std::string, OptionValue, std::less<>> values_;
};

/// `known`: RINGMAKER_ variables that are no options of this table but mean something.
[[nodiscard]] base::Result<OptionValues> resolve_options(std::span<const Option> table,
                                                         const Texts& flags,
                                                         const Texts& environment,
                                                         const Texts& file,
                                                         std::span<const std::string_view> known);

/// The whole environment of this process.
[[nodiscard]] Texts read_environment();

/// A flat TOML file; values of any scalar type, as text.
[[nodiscard]] base::Result<Texts> read_option_file(const std::string& path);

/// RINGMAKER_BATCH_ROWS_MAX for "batch-rows-max".
[[nodiscard]] std::string variable_of(std::string_view option);

}  // namespace ringmaker::config
