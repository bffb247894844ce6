// UringFeatures: what the kernel lets this process do with io_uring, for people who ask why.
//
// Only told, never decided by: the choice of a backend is made by doing (backend_choice.h).
#pragma once

#include <string_view>
#include <vector>

namespace ringmaker::io {

struct UringFeature {
  std::string_view name;
  bool present = false;
};

struct UringReport {
  /// The errno of io_uring_setup, 0 when a ring can be had; -1 when the call did not return.
  int refusal = 0;
  std::vector<UringFeature> features;  // empty without a ring
};

/// Tries each feature on small rings of its own; at most two seconds.
[[nodiscard]] UringReport examine_uring();

}  // namespace ringmaker::io
