// Sentences for people, on standard error.
#pragma once

#include <fmt/core.h>

#include <exception>
#include <string_view>
#include <utility>

namespace ringmaker::base {

/// Writes at once. What standard error does not take (it is closed, full, or its reader has gone)
/// is lost: telling ends nothing. From any thread.
void write_to_standard_error(std::string_view text) noexcept;

/// The same, formatted as fmt::format() does. Lines end in "\n", as the caller writes it.
template <class... Arguments>
void tell(fmt::format_string<Arguments...> format, Arguments&&... arguments) noexcept {
  try {
    write_to_standard_error(fmt::format(format, std::forward<Arguments>(arguments)...));
  } catch (const std::exception&) {
    write_to_standard_error("ringmaker: there is no memory for a message\n");
  }
}

}  // namespace ringmaker::base
