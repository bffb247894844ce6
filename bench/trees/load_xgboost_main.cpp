// load_xgboost: the same as load_trees by XGBoost's C API, which knows a format by its file's name.
#include "bench/trees/load_meter.h"

#include <xgboost/c_api.h>

#include <iostream>
#include <limits>
#include <vector>

namespace {

int load(const std::string& path) {
  const ringmaker::bench::LoadMeter meter(path);
  BoosterHandle booster = nullptr;
  DMatrixHandle row = nullptr;
  bst_ulong features = 0;
  bst_ulong count = 0;
  const float* scores = nullptr;
  bool good = XGBoosterCreate(nullptr, 0, &booster) == 0 &&
              XGBoosterSetParam(booster, "nthread", "1") == 0 &&
              XGBoosterLoadModel(booster, path.c_str()) == 0 &&
              XGBoosterGetNumFeature(booster, &features) == 0;
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const std::vector<float> values(features, 0);
  good = good && XGDMatrixCreateFromMat(values.data(), 1, features, nan, &row) == 0 &&
         XGBoosterPredict(booster, row, 0, 0, 0, &count, &scores) == 0;
  if (!good) {
    std::cerr << XGBGetLastError() << '\n';
    return 1;
  }
  std::cout << meter.report("XGBoost") << '\n';
  XGDMatrixFree(row);
  XGBoosterFree(booster);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: load_xgboost FILE\n";
    return 2;
  }
  return load(argv[1]);
}
