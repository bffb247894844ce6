// The version of this build.
#pragma once

namespace ringmaker::base {

inline constexpr const char* kVersion = "0.1.0";

}  // namespace ringmaker::base
