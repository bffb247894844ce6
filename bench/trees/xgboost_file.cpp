#include "bench/trees/document_writer.h"
#include "bench/trees/model_files.h"
#include "bench/trees/numbered_tree.h"

#include <fmt/core.h>

namespace ringmaker::bench {
namespace {

using model::TreeEnsemble;

template <class Writer>
void write_tree(Writer& out, const TreeEnsemble& ensemble, size_t t) {
  const NumberedTree tree = numbered_tree(ensemble, t);
  const size_t count = tree.left.size();
  out.begin_object();
  out.array("base_weights", std::vector<float>(count, 0));
  out.array("categories", std::vector<int32_t>());
  out.array("categories_nodes", std::vector<int32_t>());
  out.array("categories_segments", std::vector<int64_t>());
  out.array("categories_sizes", std::vector<int64_t>());
  out.array("default_left", tree.missing_left);
  out.integer("id", static_cast<int64_t>(t));
  out.array("left_children", tree.left);
  out.array("loss_changes", std::vector<float>(count, 1));
  out.array("parents", tree.parents);
  out.array("right_children", tree.right);
  out.array("split_conditions", tree.conditions);
  out.array("split_indices", tree.features);
  out.array("split_type", std::vector<uint8_t>(count, 0));
  out.array("sum_hessian", std::vector<float>(count, 1));
  out.key("tree_param");
  out.begin_object();
  out.string("num_deleted", "0");
  out.string("num_feature", std::to_string(ensemble.features));
  out.string("num_nodes", std::to_string(count));
  out.string("size_leaf_vector", "0");
  out.end_object();
  out.end_object();
}

template <class Writer>
std::string write(const TreeEnsemble& ensemble) {
  Writer out;
  out.begin_object();
  out.key("learner");
  out.begin_object();
  out.key("attributes");
  out.begin_object();
  out.end_object();
  out.key("gradient_booster");
  out.begin_object();
  out.key("model");
  out.begin_object();
  out.key("gbtree_model_param");
  out.begin_object();
  out.string("num_parallel_tree", "1");
  out.string("num_trees", std::to_string(ensemble.trees.size()));
  out.string("size_leaf_vector", "0");
  out.end_object();
  out.list("tree_info", std::vector<int64_t>(ensemble.trees.size(), 0));
  out.key("trees");
  out.begin_array();
  for (size_t t = 0; t < ensemble.trees.size(); ++t) {
    write_tree(out, ensemble, t);
  }
  out.end_array();
  out.end_object();
  out.string("name", "gbtree");
  out.end_object();
  out.key("learner_model_param");
  out.begin_object();
  out.string("base_score", "0");
  out.string("boost_from_average", "1");
  out.string("num_class", "0");
  out.string("num_feature", std::to_string(ensemble.features));
  out.string("num_target", "1");
  out.end_object();
  out.key("objective");
  out.begin_object();
  out.string("name", "reg:squarederror");
  out.key("reg_loss_param");
  out.begin_object();
  out.string("scale_pos_weight", "1");
  out.end_object();
  out.end_object();
  out.end_object();
  out.list("version", {1, 7, 4});
  out.end_object();
  return out.take();
}

}  // namespace

std::string xgboost_json(const TreeEnsemble& ensemble) { return write<JsonWriter>(ensemble); }
std::string xgboost_ubjson(const TreeEnsemble& ensemble) { return write<UbjsonWriter>(ensemble); }

}  // namespace ringmaker::bench
