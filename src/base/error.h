// Error: why something expected could not be done, as a value.
//
// The code says whose fault it is and decides exit codes and HTTP statuses; the message is one
// sentence for a person: where, what, what was expected, what to do. Built on cold paths only.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace ringmaker::base {

enum class ErrorCode : uint8_t {
  kInvalidInput,  // the user's data, options or model are wrong
  kNotFound,      // something the user named does not exist
  kUnsupported,   // understood, but not something Ringmaker does
  kCorrupt,       // a file or message is damaged
  kExhausted,     // a limit of memory, space, time or number was reached
  kPlatform,      // the operating system or the container's surroundings failed
  kCancelled,     // asked to stop
  kInternal,      // a bug of ours
};

/// A stable lower-case name, for logs: "invalid_input", "not_found", ...
[[nodiscard]] std::string_view name(ErrorCode code) noexcept;

class [[nodiscard]] Error {
 public:
  Error(ErrorCode code, std::string message) : code_(code), message_(std::move(message)) {}

  [[nodiscard]] ErrorCode code() const noexcept { return code_; }
  [[nodiscard]] const std::string& message() const noexcept { return message_; }

  /// The same error with "context: " before its message.
  [[nodiscard]] Error within(std::string_view context) const;

 private:
  ErrorCode code_;
  std::string message_;
};

/// A kPlatform error (kNotFound for ENOENT, kExhausted for ENOSPC and ENOMEM) reading
/// "what: strerror text".
[[nodiscard]] Error system_error(int error_number, std::string_view what);

}  // namespace ringmaker::base
