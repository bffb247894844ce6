// Hyperparameters: what SageMaker hands a training job as a flat JSON object of strings.
//
// Frameworks encode each value as JSON once more, people write Python; both mean the same here:
// "0.2", "\"0.2\"" and 0.2; "true", "True" and true. Keys that start with sagemaker_ are the
// platform's own and left out. An empty value counts as not given; who asks is told which were.
#pragma once

#include "base/result.h"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ringmaker::config {

/// Getters name key, value and range in their errors; "auto" counts as not given.
class Hyperparameters {
 public:
  Hyperparameters() = default;
  /// The text of hyperparameters.json; an empty file means none.
  [[nodiscard]] static base::Result<Hyperparameters> parse(std::string_view json);

  /// For the command line; normalised in the same way. `origin`, if any, stands in errors about
  /// the value: "RINGMAKER_WD".
  void set(std::string_view name, std::string_view value, std::string_view origin = {});

  /// Every key is one of `known`, else an error that names it and the nearest valid one.
  [[nodiscard]] base::Result<void> check_names(std::span<const std::string_view> known) const;

  [[nodiscard]] std::optional<std::string> text(std::string_view name) const;
  [[nodiscard]] base::Result<double> number(std::string_view name, double otherwise, double least,
                                            double greatest) const;
  [[nodiscard]] base::Result<uint64_t> integer(std::string_view name, uint64_t otherwise,
                                               uint64_t least, uint64_t greatest) const;
  [[nodiscard]] base::Result<bool> boolean(std::string_view name, bool otherwise) const;
  /// One of `choices`, as it stands there, whatever the case in which it was given.
  [[nodiscard]] base::Result<std::string> choice(std::string_view name, std::string_view otherwise,
                                                 std::span<const std::string_view> choices) const;
  /// "a,b" or ["a","b"].
  [[nodiscard]] std::vector<std::string> list(std::string_view name) const;

  /// Those given with an empty value, and not again with another.
  [[nodiscard]] const std::set<std::string, std::less<>>& empty_names() const noexcept {
    return empty_names_;
  }
  [[nodiscard]] const std::map<std::string, std::string, std::less<>>& all() const noexcept {
    return values_;
  }

 private:
  [[nodiscard]] base::Error wrong(std::string_view name, std::string_view value,
                                  std::string_view expected) const;

  std::map<std::string, std::string, std::less<>> values_;
  std::map<std::string, std::string, std::less<>> origins_;
  std::set<std::string, std::less<>> empty_names_;
};

}  // namespace ringmaker::config
