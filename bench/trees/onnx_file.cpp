#include "bench/trees/model_files.h"
#include "bench/trees/numbered_tree.h"

#include <fmt/core.h>
#include <protozero/pbf_writer.hpp>

#include <vector>

namespace ringmaker::bench {
namespace {

// Fields of onnx.proto; repeated numbers are written one by one, as onnx itself writes them.
enum AttributeField : uint8_t { kName = 1, kFloats = 7, kInts = 8, kStrings = 9, kType = 20 };
enum AttributeType : uint8_t { kTypeFloats = 6, kTypeInts = 7, kTypeStrings = 8, kTypeInt = 2 };
constexpr int kIntField = 3;

class NodeWriter {
 public:
  explicit NodeWriter(protozero::pbf_writer& node) : node_(node) {}

  void ints(std::string_view name, const std::vector<int64_t>& values) {
    protozero::pbf_writer attribute = begin(name, kTypeInts);
    for (const int64_t value : values) {
      attribute.add_int64(kInts, value);
    }
  }
  void floats(std::string_view name, const std::vector<float>& values) {
    protozero::pbf_writer attribute = begin(name, kTypeFloats);
    for (const float value : values) {
      attribute.add_float(kFloats, value);
    }
  }
  void strings(std::string_view name, const std::vector<std::string_view>& values) {
    protozero::pbf_writer attribute = begin(name, kTypeStrings);
    for (const std::string_view value : values) {
      attribute.add_bytes(kStrings, value.data(), value.size());
    }
  }
  void integer(std::string_view name, int64_t value) {
    protozero::pbf_writer attribute = begin(name, kTypeInt);
    attribute.add_int64(kIntField, value);
  }

 private:
  protozero::pbf_writer begin(std::string_view name, AttributeType type) {
    protozero::pbf_writer attribute(node_, 5);
    attribute.add_string(kName, name.data(), name.size());
    attribute.add_enum(kType, type);
    return attribute;
  }

  protozero::pbf_writer& node_;
};

void write_trees(NodeWriter& out, const model::TreeEnsemble& ensemble) {
  std::vector<int64_t> tree_ids;
  std::vector<int64_t> node_ids;
  std::vector<int64_t> features;
  std::vector<int64_t> left;
  std::vector<int64_t> right;
  std::vector<int64_t> missing_left;
  std::vector<float> values;
  std::vector<std::string_view> modes;
  std::vector<int64_t> leaf_trees;
  std::vector<int64_t> leaf_nodes;
  std::vector<float> weights;
  for (size_t t = 0; t < ensemble.trees.size(); ++t) {
    const NumberedTree tree = numbered_tree(ensemble, t);
    for (size_t i = 0; i < tree.left.size(); ++i) {
      const bool leaf = tree.left[i] < 0;
      tree_ids.push_back(static_cast<int64_t>(t));
      node_ids.push_back(static_cast<int64_t>(i));
      features.push_back(tree.features[i]);
      left.push_back(leaf ? 0 : tree.left[i]);
      right.push_back(leaf ? 0 : tree.right[i]);
      missing_left.push_back(tree.missing_left[i]);
      values.push_back(leaf ? 0 : tree.conditions[i]);
      modes.emplace_back(leaf ? "LEAF" : "BRANCH_LT");
      if (leaf) {
        leaf_trees.push_back(static_cast<int64_t>(t));
        leaf_nodes.push_back(static_cast<int64_t>(i));
        weights.push_back(tree.conditions[i]);
      }
    }
  }
  out.integer("n_targets", 1);
  out.ints("nodes_falsenodeids", right);
  out.ints("nodes_featureids", features);
  out.ints("nodes_missing_value_tracks_true", missing_left);
  out.strings("nodes_modes", modes);
  out.ints("nodes_nodeids", node_ids);
  out.ints("nodes_treeids", tree_ids);
  out.ints("nodes_truenodeids", left);
  out.floats("nodes_values", values);
  out.ints("target_ids", std::vector<int64_t>(leaf_nodes.size(), 0));
  out.ints("target_nodeids", leaf_nodes);
  out.ints("target_treeids", leaf_trees);
  out.floats("target_weights", weights);
}

void write_value(protozero::pbf_writer& graph, int field, const char* name, size_t columns) {
  protozero::pbf_writer value(graph, static_cast<protozero::pbf_tag_type>(field));
  value.add_string(1, name);
  protozero::pbf_writer type(value, 2);
  protozero::pbf_writer tensor(type, 1);
  tensor.add_enum(1, 1);  // float
  protozero::pbf_writer shape(tensor, 2);
  {
    protozero::pbf_writer rows(shape, 1);
    rows.add_string(2, "N");
  }
  protozero::pbf_writer width(shape, 1);
  width.add_int64(1, static_cast<int64_t>(columns));
}

}  // namespace

std::string onnx_graph(const model::TreeEnsemble& ensemble) {
  std::string bytes;
  protozero::pbf_writer file(bytes);
  file.add_int64(1, 8);
  file.add_string(2, "ringmaker bench");
  {
    protozero::pbf_writer graph(file, 7);
    {
      protozero::pbf_writer node(graph, 1);
      node.add_string(1, "x");
      node.add_string(2, "y");
      node.add_string(3, "trees");
      node.add_string(4, "TreeEnsembleRegressor");
      NodeWriter out(node);
      write_trees(out, ensemble);
      node.add_string(7, "ai.onnx.ml");
    }
    graph.add_string(2, "trees");
    write_value(graph, 11, "x", ensemble.features);
    write_value(graph, 12, "y", 1);
  }
  for (const auto& [domain, version] : {std::pair{"", 15}, std::pair{"ai.onnx.ml", 3}}) {
    protozero::pbf_writer opset(file, 8);
    opset.add_string(1, domain);
    opset.add_int64(2, version);
  }
  return bytes;
}

}  // namespace ringmaker::bench
