// ErrorReason: why a request, or a connection, was not given what it came for; the label of
// ringmaker_errors_total. Each failure has one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace ringmaker::serve {

enum class ErrorReason : uint8_t {
  kPayload,               // the body could not be decoded: 400, 413
  kBadRequest,            // 400 for anything else
  kNotFound,              // 404
  kMethodNotAllowed,      // 405
  kNotAcceptable,         // 406
  kTimeout,               // 408
  kConflict,              // 409
  kLengthRequired,        // 411
  kTooLarge,              // 413
  kTargetTooLong,         // 414
  kUnsupportedType,       // 415
  kExpectationFailed,     // 417
  kHeadTooLarge,          // 431
  kNotImplemented,        // 501
  kUnavailable,           // 503
  kVersion,               // 505
  kNoMemory,              // 507
  kOther,                 // any other status from 400 on
  kOverload,              // 503: more came than could be answered in time
  kDeadline,              // 503: the answer would have come too late
  kClientGone,            // before its answer was out
  kConnectionRefused,     // there were as many as there may be
  kDescriptorsExhausted,  // the connection was closed without a word
};
inline constexpr size_t kErrorReasons = 23;

/// Of an answer with this status, 400 or above, whose body was not at fault.
[[nodiscard]] ErrorReason reason_of(int status) noexcept;
[[nodiscard]] std::string_view name(ErrorReason reason) noexcept;

}  // namespace ringmaker::serve
