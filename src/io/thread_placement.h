// ThreadPlacement: where a thread runs and what it is called in ps and top.
#pragma once

#include "base/result.h"

#include <string>
#include <vector>

namespace ringmaker::io {

/// Keeps the calling thread on one CPU. An error is no reason to stop: some sandboxes refuse it.
[[nodiscard]] base::Result<void> pin_this_thread(int cpu);

/// For work that must not delay others: the calling thread may run on any of `cpus`, and steps back
/// where another thread wants to run. Where a sandbox refuses that, nothing changes.
void yield_to_other_threads(const std::vector<int>& cpus) noexcept;

/// At most 15 characters are kept.
void name_this_thread(const std::string& name) noexcept;

}  // namespace ringmaker::io
