// OptionTable: the options of a command, each a line of a table, and where their values come from.
//
//   flag  >  RINGMAKER_<NAME>  >  the platform's variables (SAGEMAKER_..., the names AWS gave)  >
//   hyperparameters.json (options marked as such)  >  --config file  >  default
//
// A misspelt RINGMAKER_ variable or key of the file is an error with a suggestion: a setting that
// silently does nothing is worse than none. A variable set to nothing counts as not given.
#pragma once

#include "base/result.h"

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ringmaker::config {

/// A variable that AWS's own stacks read, of the same meaning as an option.
struct PlatformVariable {
  std::string_view name;
  /// What its number is multiplied by, to become the option's: 1048576 for mebibytes. With a unit,
  /// 0 counts as not given: the platform writes it for "no limit".
  uint64_t unit = 1;
};

struct Option {
  std::string_view name;           // "batch-rows-max"; variable RINGMAKER_BATCH_ROWS_MAX
  std::string_view value_name;     // "N", "FILE", "DIR"; empty: a switch, true or false
  std::string_view default_value;  // as text
  std::string_view help;           // what it does, with its unit
  std::span<const PlatformVariable> platform = {};  // the first that is set counts
  std::span<const std::string_view> choices = {};   // empty: anything
  char letter = 0;                                  // 'o' for -o
  bool hyperparameter = false;                      // hyperparameters.json may give it too
};

/// name -> value, as given.
using Texts = std::map<std::string, std::string, std::less<>>;

struct OptionValue {
  enum class Source : uint8_t { kDefault, kFile, kHyperparameters, kVariable, kFlag };

  std::string text;
  Source source = Source::kDefault;
  /// "--port", "RINGMAKER_PORT", "hyperparameters.json", "ringmaker.toml:3", "default".
  std::string origin = "default";
  uint64_t unit = 1;  // of a platform's variable
};

/// A file of options, already read: key -> value and place. Hyphens may be underscores.
using FileValues = std::map<std::string, OptionValue, std::less<>>;

struct OptionSources {
  Texts flags = {};
  Texts environment = {};
  Texts hyperparameters = {};
  FileValues file = {};
};

/// Getters name the source, what it said and what was expected in their errors.
class OptionValues {
 public:
  [[nodiscard]] const OptionValue& get(std::string_view name) const;
  [[nodiscard]] const std::string& text(std::string_view name) const { return get(name).text; }
  /// A whole number in [least, greatest].
  [[nodiscard]] base::Result<uint64_t> integer(std::string_view name, uint64_t least,
                                               uint64_t greatest) const;
  /// true, yes, on, 1 or their opposites, in any case.
  [[nodiscard]] base::Result<bool> boolean(std::string_view name) const;
  /// One of the table's choices, in any case; as the table spells it.
  [[nodiscard]] base::Result<std::string> choice(std::string_view name) const;
  /// An error about the value of `name`: `RINGMAKER_PORT is "x"; it is <expected>`.
  [[nodiscard]] base::Error wrong(std::string_view name, std::string_view expected) const;
  /// "name=value" of all that were given and differ from their defaults, in the table's order.
  [[nodiscard]] std::string differences() const;
  [[nodiscard]] std::span<const Option> table() const noexcept { return table_; }

 private:
  friend base::Result<OptionValues> resolve_options(std::span<const Option> table,
                                                    const OptionSources& sources,
                                                    std::span<const std::string> known);
  std::span<const Option> table_;
  std::map<std::string, OptionValue, std::less<>> values_;
};

/// `table` must outlive the values. `known`: RINGMAKER_ variables that are no options of this table
/// but mean something.
[[nodiscard]] base::Result<OptionValues> resolve_options(std::span<const Option> table,
                                                         const OptionSources& sources,
                                                         std::span<const std::string> known);

/// The whole environment of this process.
[[nodiscard]] Texts read_environment();

/// The value of a variable; null when it is not set or set to nothing.
[[nodiscard]] const std::string* find_text(const Texts& texts, std::string_view name);

/// RINGMAKER_BATCH_ROWS_MAX for "batch-rows-max".
[[nodiscard]] std::string variable_of(std::string_view option);

/// `text` in quotes, shortened and with control characters escaped: for errors.
[[nodiscard]] std::string quote(std::string_view text);

}  // namespace ringmaker::config
