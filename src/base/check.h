// Assertions: a failed check is a bug of ours, never something that input can cause.
#pragma once

namespace ringmaker::base {

/// Writes the failed condition and its place to standard error and aborts.
[[noreturn]] void check_failed(const char* condition, const char* file, int line) noexcept;

}  // namespace ringmaker::base

/// Stays on in release builds. One condition per check.
#define RM_CHECK(condition)                                            \
  do {                                                                 \
    if (!(condition)) [[unlikely]] {                                   \
      ::ringmaker::base::check_failed(#condition, __FILE__, __LINE__); \
    }                                                                  \
  } while (false)

/// For hot loops: checked in debug builds only.
#ifdef NDEBUG
#define RM_DCHECK(condition) \
  do {                       \
    (void)sizeof(condition); \
  } while (false)
#else
#define RM_DCHECK(condition) RM_CHECK(condition)
#endif

#define RM_UNREACHABLE() ::ringmaker::base::check_failed("unreachable", __FILE__, __LINE__)
