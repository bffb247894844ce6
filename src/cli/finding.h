// Finding: one thing that `doctor` has looked at.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ringmaker::cli {

struct Finding {
  enum class State : uint8_t { kFine, kNote, kProblem };

  std::string topic;  // "cpu", "model": lines of one topic stand together
  std::string name;   // "quota"
  std::string value;
  State state = State::kFine;
  std::string advice = {};  // of notes and problems: what it means, what to do
};

using Findings = std::vector<Finding>;

/// "fine", "note", "problem".
[[nodiscard]] constexpr std::string_view name(Finding::State state) noexcept {
  return state == Finding::State::kFine   ? "fine"
         : state == Finding::State::kNote ? "note"
                                          : "problem";
}

}  // namespace ringmaker::cli
