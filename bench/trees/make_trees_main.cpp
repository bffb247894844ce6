// make_trees: a random ensemble as a model file of a library, for benchmarks.
#include "bench/trees/model_files.h"
#include "bench/trees/random_trees.h"

#include <CLI/CLI.hpp>

#include <fstream>
#include <iostream>
#include <map>

int main(int argc, char** argv) {
  using ringmaker::model::TreeEnsemble;
  ringmaker::bench::TreeShape shape;
  std::string format = "xgboost_json";
  std::string path;
  const std::map<std::string, std::string (*)(const TreeEnsemble&)> writers{
      {"artifact", ringmaker::bench::our_artifact},
      {"xgboost_json", ringmaker::bench::xgboost_json},
      {"xgboost_ubjson", ringmaker::bench::xgboost_ubjson},
      {"lightgbm_text", ringmaker::bench::lightgbm_text},
      {"onnx", ringmaker::bench::onnx_graph}};
  CLI::App app("Writes a random tree ensemble as a model file.");
  app.add_option("--trees", shape.trees);
  app.add_option("--features", shape.features);
  app.add_option("--leaves", shape.leaves, "of a tree");
  app.add_option("--depth", shape.depth_max, "0: none");
  app.add_option("--thresholds", shape.thresholds, "of a feature; 0: one for each node");
  app.add_option("--format", format,
                 "artifact, xgboost_json, xgboost_ubjson, lightgbm_text or onnx");
  app.add_option("file", path)->required();
  CLI11_PARSE(app, argc, argv);
  const auto writer = writers.find(format);
  if (writer == writers.end()) {
    std::cerr << "there is no format " << format << '\n';
    return 2;
  }
  const std::string bytes = writer->second(ringmaker::bench::random_trees(shape));
  std::ofstream file(path, std::ios::binary);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  return file.good() ? 0 : 1;
}
