// PreparedGraph: a graph's program with what it answers.
//
// An importer makes it to know that the graph can run and what its rows and scores are; a predictor
// runs it. Nobody makes it twice.
#pragma once

#include "base/cpu.h"
#include "base/result.h"
#include "model/graph/graph_answer.h"
#include "model/graph/program_builder.h"

#include <memory>
#include <vector>

namespace ringmaker::model {

/// Immutable, and so shared.
struct PreparedGraph {
  base::InstructionSet set;
  BuiltGraph built;
  std::vector<GraphOutput> outputs;
  GraphAnswer answer;

  /// kInvalidInput and kUnsupported name the node.
  [[nodiscard]] static base::Result<std::shared_ptr<const PreparedGraph>> make(
      const GraphFile& file, base::InstructionSet set);
};

}  // namespace ringmaker::model
