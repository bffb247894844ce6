// What is around the rows of a JSON answer.
#pragma once

#include <string_view>

namespace ringmaker::codec {

inline constexpr std::string_view kPredictionsOpen = R"({"predictions":[)";
inline constexpr std::string_view kPredictionsClose = "]}";

}  // namespace ringmaker::codec
