// The instruction sets that a test can try on this machine.
#pragma once

#include "base/cpu.h"

#include <vector>

namespace ringmaker::test {

/// The portable one, and those up to the best that this CPU has, or that RINGMAKER_ISA allows.
inline std::vector<base::InstructionSet> instruction_sets_here() {
  using base::InstructionSet;
  const InstructionSet best = base::detect_instruction_set();
  std::vector<InstructionSet> sets{InstructionSet::kPortable};
  if (best == InstructionSet::kNeon) {
    sets.push_back(best);
  }
  for (const InstructionSet set : {InstructionSet::kAvx2, InstructionSet::kAvx512}) {
    if (set <= best) {
      sets.push_back(set);
    }
  }
  return sets;
}

}  // namespace ringmaker::test
