// GraphFeatures: what a graph's inputs are as columns of a row, and what its operators know about
// the values of each.
//
// Rows are float32. A text is the number of a category then: the texts that some encoder of the
// graph asks for are the categories of the features they come from, and any other text is -1. The
// empty text is always number 0, so that what a sparse row does not list is no text at all. An
// integer is its value; those beyond 2^24 that some encoder asks for, and thresholds in double, get
// a float32 of their own (data/narrowing.h).
#pragma once

#include "base/result.h"
#include "data/narrowing.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace ringmaker::model {

enum class FeatureKind : uint8_t { kNumber, kInteger, kText };

struct GraphFeatures {
  struct Feature {
    std::string name = {};
    FeatureKind kind = FeatureKind::kNumber;
    std::vector<std::string> texts = {};  // its categories
    /// The number, in the program, of each of them.
    std::shared_ptr<std::vector<int64_t>> text_numbers = std::make_shared<std::vector<int64_t>>();
    /// Integers that have a float32 of their own, sorted by it.
    std::shared_ptr<std::vector<std::pair<float, int64_t>>> wide_integers =
        std::make_shared<std::vector<std::pair<float, int64_t>>>();
    std::vector<double> cuts = {};  // where a comparison in double tells values apart
  };

  std::vector<Feature> features = {};
  bool named = false;                       // each input is a feature of its name
  std::vector<int64_t> wide_integers = {};  // of all encoders
  /// Told the narrowing once it is known.
  std::vector<std::function<void(const data::Narrowing&)>> waiting = {};
};

/// All operators have asked for what they compare with: texts and large integers get their numbers,
/// cuts their float32, and who waits is told. `number_of`: a text's number in the program.
[[nodiscard]] base::Result<data::Narrowing> settle_features(
    GraphFeatures& features, const std::function<int64_t(const std::string&)>& number_of);

}  // namespace ringmaker::model
