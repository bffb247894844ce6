// XgboostPlaces: the fields of a model of XGBoost that are read, and where in its document they
// are.
//
// JSON and UBJSON carry the same tree of fields; what stands at no place is skipped.
#pragma once

#include <cstdint>
#include <string_view>

namespace ringmaker::model {

/// Where in the document a value stands.
enum class XgboostPlace : uint8_t {
  kSkip,
  // Objects.
  kRoot,
  kLearner,
  kAttributes,
  kLearnerParam,
  kObjective,
  kQuantileParam,
  kBooster,
  kDartTrees,
  kModel,
  kModelParam,
  kCats,
  kCategories,
  kTree,
  kTreeParam,
  // Lists of these, or of texts.
  kTrees,
  kAllCategories,
  kFeatureNames,
  kFeatureTypes,
  // Lists of numbers.
  kVersion,
  kTreeInfo,
  kRounds,
  kTreeWeights,
  kLinearWeights,
  kCategoryOffsets,
  kCategoryValues,
  kLeftChildren,
  kRightChildren,
  kSplitIndices,
  kSplitConditions,
  kDefaultLeft,
  kSplitType,
  kCategoryCodes,
  kCategoryNodes,
  kCategorySegments,
  kCategorySizes,
  kSumHessian,
  kLossChanges,
  kBaseWeights,
  kLeafWeights,
  // Texts.
  kBestIteration,
  kBestTreeLimit,
  kBaseScore,
  kFeatures,
  kClasses,
  kTargets,
  kObjectiveName,
  kQuantiles,
  kBoosterName,
  kParallelTrees,
  kTreesTold,
  kNodesTold,
  kLeafWidth,
};

[[nodiscard]] constexpr bool is_object(XgboostPlace place) noexcept {
  return place >= XgboostPlace::kRoot && place <= XgboostPlace::kTreeParam;
}
[[nodiscard]] constexpr bool is_list(XgboostPlace place) noexcept {
  return place >= XgboostPlace::kTrees && place <= XgboostPlace::kLeafWeights;
}
[[nodiscard]] constexpr bool is_text(XgboostPlace place) noexcept {
  return place >= XgboostPlace::kBestIteration;
}

/// Where `key` of the object at `from` leads; kSkip where nobody asks for it.
[[nodiscard]] XgboostPlace step(XgboostPlace from, std::string_view key) noexcept;

/// What stands before a parameter's name in an error: the same names stand in several objects.
[[nodiscard]] std::string_view group_of(XgboostPlace place) noexcept;

/// What stands in a list, where it is no number.
[[nodiscard]] XgboostPlace element_of(XgboostPlace list) noexcept;

}  // namespace ringmaker::model
