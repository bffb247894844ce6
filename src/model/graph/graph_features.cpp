#include "model/graph/graph_features.h"

#include <algorithm>
#include <cmath>
#include <unordered_set>

namespace ringmaker::model {
namespace {

constexpr int64_t kExactInFloat = int64_t{1} << 24U;  // integers below are float32 as they are

}  // namespace

base::Result<data::Narrowing> settle_features(
    GraphFeatures& features, const std::function<int64_t(const std::string&)>& number_of) {
  std::vector<data::Narrowing::Questions> questions(features.features.size());
  bool any = false;
  std::erase_if(features.wide_integers,
                [](int64_t wide) { return wide > -kExactInFloat && wide < kExactInFloat; });
  std::ranges::sort(features.wide_integers);
  const auto repeated = std::ranges::unique(features.wide_integers);
  features.wide_integers.erase(repeated.begin(), repeated.end());
  for (size_t j = 0; j < features.features.size(); ++j) {
    GraphFeatures::Feature& feature = features.features[j];
    if (feature.kind == FeatureKind::kText) {
      feature.texts.insert(feature.texts.begin(), std::string());
    }
    std::unordered_set<std::string> seen;
    std::erase_if(feature.texts,
                  [&](const std::string& text) { return !seen.insert(text).second; });
    for (const std::string& text : feature.texts) {
      feature.text_numbers->push_back(number_of(text));
    }
    questions[j].cuts = feature.cuts;
    if (feature.kind == FeatureKind::kInteger) {
      for (const int64_t wide : features.wide_integers) {
        questions[j].cuts.push_back(static_cast<double>(wide));
        questions[j].cuts.push_back(std::nextafter(static_cast<double>(wide), INFINITY));
      }
    }
    any |= !questions[j].cuts.empty();
  }
  data::Narrowing narrowing;
  if (any) {
    RM_ASSIGN(narrowing, data::Narrowing::make(questions, 0));
  }
  for (size_t j = 0; j < features.features.size(); ++j) {
    GraphFeatures::Feature& feature = features.features[j];
    for (const int64_t wide : features.wide_integers) {
      if (feature.kind == FeatureKind::kInteger) {
        feature.wide_integers->emplace_back(narrowing.narrowed_cut(j, static_cast<double>(wide)),
                                            wide);
      }
    }
  }
  for (const auto& told : features.waiting) {
    told(narrowing);
  }
  features.waiting.clear();
  return narrowing;
}

}  // namespace ringmaker::model
