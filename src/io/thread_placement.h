// ThreadPlacement: where a thread runs and what it is called in ps and top.
#pragma once

#include "base/result.h"

#include <string>

namespace ringmaker::io {

/// Keeps the calling thread on one CPU. An error is no reason to stop: some sandboxes refuse it.
[[nodiscard]] base::Result<void> pin_this_thread(int cpu);

/// At most 15 characters are kept.
void name_this_thread(const std::string& name) noexcept;

}  // namespace ringmaker::io
