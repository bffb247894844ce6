// LightgbmFile: what a text model of LightGBM says, before it is put together.
#pragma once

#include "model/tree/tree_ensemble.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ringmaker::model {

struct LightgbmFile {
  std::string version;    // "v4"
  std::string objective;  // the whole line: "binary sigmoid:1"; empty for one of the user's own
  std::optional<uint64_t> classes;
  std::optional<uint64_t> trees_per_round;
  std::optional<uint64_t> feature_index_max;
  bool average_output = false;
  std::vector<std::string> feature_names;
  std::vector<std::string> feature_infos;           // "[lo:hi]", "-1:4:2" for categories, "none"
  std::optional<uint64_t> tree_sizes;               // how many entries the list of that name has
  std::optional<std::string> categorical_features;  // the parameter: "2,3"
  std::string pandas_categories;                    // JSON
  std::vector<double> gains;                        // by feature, as far as splits tell
  bool covers_known = true;                         // every tree has them
  TreeEnsemble ensemble;                            // trees, nodes, leaves, categories
};

}  // namespace ringmaker::model
