#include "model/tree/first_rounds.h"

#include "base/check.h"

namespace ringmaker::model {

TreeEnsemble first_rounds(TreeEnsemble ensemble, size_t rounds) {
  RM_CHECK(rounds <= ensemble.rounds());
  ensemble.trees.resize(ensemble.round_begins[rounds]);
  ensemble.round_begins.resize(rounds + 1);
  return ensemble;
}

}  // namespace ringmaker::model
