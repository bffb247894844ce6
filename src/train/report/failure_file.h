// FailureFile: output/failure, the sentence that SageMaker shows as the reason of a failed job.
#pragma once

#include "base/error.h"
#include "base/result.h"

#include <cstddef>
#include <string>

namespace ringmaker::train {

/// What the platform reads of it.
inline constexpr size_t kFailureBytesMax = 1024;

/// The cause, on one line, at most kFailureBytesMax bytes of whole UTF-8 characters.
[[nodiscard]] std::string failure_text(const base::Error& error);

[[nodiscard]] base::Result<void> write_failure_file(const std::string& path,
                                                    const base::Error& error);

/// A job that succeeds leaves none, even where an earlier one has failed.
void remove_failure_file(const std::string& path) noexcept;

}  // namespace ringmaker::train
