#include "model/graph/graph.h"

#include <fmt/core.h>

#include <array>

namespace ringmaker::model {

std::string name(ElementType type) {
  constexpr std::array<std::string_view, 14> kNames{
      "no type", "float",  "uint8", "int8",    "uint16", "int16",  "int32",
      "int64",   "string", "bool",  "float16", "double", "uint32", "uint64"};
  const auto number = static_cast<size_t>(type);
  return number < kNames.size() ? std::string(kNames.at(number)) : fmt::format("type {}", number);
}

}  // namespace ringmaker::model
