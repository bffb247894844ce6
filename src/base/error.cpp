#include "base/error.h"

#include "base/check.h"

#include <cerrno>
#include <system_error>

namespace ringmaker::base {

std::string_view name(ErrorCode code) noexcept {
  switch (code) {
    case ErrorCode::kInvalidInput:
      return "invalid_input";
    case ErrorCode::kNotFound:
      return "not_found";
    case ErrorCode::kUnsupported:
      return "unsupported";
    case ErrorCode::kCorrupt:
      return "corrupt";
    case ErrorCode::kExhausted:
      return "exhausted";
    case ErrorCode::kPlatform:
      return "platform";
    case ErrorCode::kCancelled:
      return "cancelled";
    case ErrorCode::kInternal:
      return "internal";
  }
  RM_UNREACHABLE();
}

Error Error::within(std::string_view context) const {
  std::string message(context);
  message += ": ";
  message += message_;
  return {code_, std::move(message)};
}

Error system_error(int error_number, std::string_view what) {
  ErrorCode code = ErrorCode::kPlatform;
  if (error_number == ENOENT) {
    code = ErrorCode::kNotFound;
  } else if (error_number == ENOSPC || error_number == ENOMEM) {
    code = ErrorCode::kExhausted;
  }
  std::string message(what);
  message += ": ";
  message += std::generic_category().message(error_number);
  return {code, std::move(message)};
}

}  // namespace ringmaker::base
