#include "model/graph/prepared_graph.h"

#include <utility>

namespace ringmaker::model {

base::Result<std::shared_ptr<const PreparedGraph>> PreparedGraph::make(const GraphFile& file,
                                                                       base::InstructionSet set) {
  RM_ASSIGN(BuiltGraph built, build_program(file, set));
  RM_ASSIGN(std::vector<GraphOutput> outputs, outputs_of(built.program, file.graph.outputs));
  RM_ASSIGN(GraphAnswer answer, GraphAnswer::make(built.program, outputs));
  return std::make_shared<const PreparedGraph>(
      PreparedGraph{set, std::move(built), std::move(outputs), std::move(answer)});
}

}  // namespace ringmaker::model
