#include "model/graph/graph.h"

#include "base/text.h"

#include <fmt/core.h>

#include <array>

namespace ringmaker::model {

namespace {

constexpr std::array<std::string_view, 14> kNames{"no type", "float",  "uint8",  "int8",   "uint16",
                                                  "int16",   "int32",  "int64",  "string", "bool",
                                                  "float16", "double", "uint32", "uint64"};

}  // namespace

std::string name(ElementType type) {
  const auto number = static_cast<size_t>(type);
  return number < kNames.size() ? std::string(kNames.at(number)) : fmt::format("type {}", number);
}

ElementType element_type_named(std::string_view text) noexcept {
  for (size_t i = 1; i < kNames.size(); ++i) {
    if (base::equals_ignoring_case(text, kNames.at(i))) {
      return static_cast<ElementType>(i);
    }
  }
  return ElementType::kUndefined;
}

}  // namespace ringmaker::model
