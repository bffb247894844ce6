#include "model/graph/operator_table.h"

#include "model/graph/operators/operators.h"

#include <algorithm>
#include <array>
#include <utility>

namespace ringmaker::model {
namespace {

constexpr size_t kAny = kAnyNumber;

/// Sorted by domain and name.
constexpr auto kOperators = [] {
  using namespace operators;
  std::array table{
      Operator{"", "Abs", 1, 1, abs},
      Operator{"", "Add", 2, 2, add},
      Operator{"", "And", 2, 2, logical_and},
      Operator{"", "ArgMax", 1, 1, arg_max},
      Operator{"", "ArgMin", 1, 1, arg_min},
      Operator{"", "BatchNormalization", 5, 5, batch_normalization},
      Operator{"", "Cast", 1, 1, cast},
      Operator{"", "Ceil", 1, 1, ceil},
      Operator{"", "Clip", 1, 3, clip},
      Operator{"", "Concat", 1, kAny, concat},
      Operator{"", "Constant", 0, 0, constant},
      Operator{"", "ConstantOfShape", 1, 1, constant_of_shape},
      Operator{"", "Div", 2, 2, div},
      Operator{"", "Dropout", 1, 3, dropout},
      Operator{"", "Elu", 1, 1, elu},
      Operator{"", "Equal", 2, 2, equal},
      Operator{"", "Erf", 1, 1, erf},
      Operator{"", "Exp", 1, 1, exp},
      Operator{"", "Expand", 2, 2, expand},
      Operator{"", "Flatten", 1, 1, flatten},
      Operator{"", "Floor", 1, 1, floor},
      Operator{"", "Gather", 2, 2, gather},
      Operator{"", "Gemm", 2, 3, gemm},
      Operator{"", "Greater", 2, 2, greater},
      Operator{"", "GreaterOrEqual", 2, 2, greater_or_equal},
      Operator{"", "HardSigmoid", 1, 1, hard_sigmoid},
      Operator{"", "Identity", 1, 1, identity},
      Operator{"", "IsNaN", 1, 1, is_nan},
      Operator{"", "LeakyRelu", 1, 1, leaky_relu},
      Operator{"", "Less", 2, 2, less},
      Operator{"", "LessOrEqual", 2, 2, less_or_equal},
      Operator{"", "Log", 1, 1, log},
      Operator{"", "LogSoftmax", 1, 1, log_softmax},
      Operator{"", "MatMul", 2, 2, mat_mul},
      Operator{"", "Max", 1, kAny, max},
      Operator{"", "Mean", 1, kAny, mean},
      Operator{"", "Min", 1, kAny, min},
      Operator{"", "Mul", 2, 2, mul},
      Operator{"", "Neg", 1, 1, neg},
      Operator{"", "Not", 1, 1, logical_not},
      Operator{"", "Or", 2, 2, logical_or},
      Operator{"", "PRelu", 2, 2, prelu},
      Operator{"", "Pow", 2, 2, pow},
      Operator{"", "Reciprocal", 1, 1, reciprocal},
      Operator{"", "ReduceL1", 1, 2, reduce_l1},
      Operator{"", "ReduceL2", 1, 2, reduce_l2},
      Operator{"", "ReduceLogSum", 1, 2, reduce_log_sum},
      Operator{"", "ReduceLogSumExp", 1, 2, reduce_log_sum_exp},
      Operator{"", "ReduceMax", 1, 2, reduce_max},
      Operator{"", "ReduceMean", 1, 2, reduce_mean},
      Operator{"", "ReduceMin", 1, 2, reduce_min},
      Operator{"", "ReduceProd", 1, 2, reduce_prod},
      Operator{"", "ReduceSum", 1, 2, reduce_sum},
      Operator{"", "ReduceSumSquare", 1, 2, reduce_sum_square},
      Operator{"", "Relu", 1, 1, relu},
      Operator{"", "Reshape", 1, 2, reshape},
      Operator{"", "Round", 1, 1, round},
      Operator{"", "Scan", 1, kAny, scan},
      Operator{"", "Selu", 1, 1, selu},
      Operator{"", "Shape", 1, 1, shape},
      Operator{"", "Sigmoid", 1, 1, sigmoid},
      Operator{"", "Sign", 1, 1, sign},
      Operator{"", "Slice", 1, 5, slice},
      Operator{"", "Softmax", 1, 1, softmax},
      Operator{"", "Softplus", 1, 1, softplus},
      Operator{"", "Softsign", 1, 1, softsign},
      Operator{"", "Split", 1, 2, split},
      Operator{"", "Sqrt", 1, 1, sqrt},
      Operator{"", "Squeeze", 1, 2, squeeze},
      Operator{"", "Sub", 2, 2, sub},
      Operator{"", "Sum", 1, kAny, sum},
      Operator{"", "Tanh", 1, 1, tanh},
      Operator{"", "TopK", 1, 2, top_k},
      Operator{"", "Transpose", 1, 1, transpose},
      Operator{"", "Unsqueeze", 1, 2, unsqueeze},
      Operator{"", "Where", 3, 3, where},
      Operator{"", "Xor", 2, 2, logical_xor},
      Operator{kMlDomain, "ArrayFeatureExtractor", 2, 2, array_feature_extractor},
      Operator{kMlDomain, "Binarizer", 1, 1, binarizer},
      Operator{kMlDomain, "CategoryMapper", 1, 1, category_mapper},
      Operator{kMlDomain, "FeatureVectorizer", 1, kAny, feature_vectorizer},
      Operator{kMlDomain, "Imputer", 1, 1, imputer},
      Operator{kMlDomain, "LabelEncoder", 1, 1, label_encoder},
      Operator{kMlDomain, "LinearClassifier", 1, 1, linear_classifier},
      Operator{kMlDomain, "LinearRegressor", 1, 1, linear_regressor},
      Operator{kMlDomain, "Normalizer", 1, 1, normalizer},
      Operator{kMlDomain, "OneHotEncoder", 1, 1, one_hot_encoder},
      Operator{kMlDomain, "SVMClassifier", 1, 1, svm_classifier},
      Operator{kMlDomain, "SVMRegressor", 1, 1, svm_regressor},
      Operator{kMlDomain, "Scaler", 1, 1, scaler},
      Operator{kMlDomain, "TreeEnsemble", 1, 1, tree_ensemble},
      Operator{kMlDomain, "TreeEnsembleClassifier", 1, 1, tree_ensemble_classifier},
      Operator{kMlDomain, "TreeEnsembleRegressor", 1, 1, tree_ensemble_regressor},
      Operator{kMlDomain, "ZipMap", 1, 1, zip_map},
  };
  return table;
}();

constexpr auto key_of(const Operator& one) { return std::pair(one.domain, one.name); }
static_assert(std::ranges::is_sorted(kOperators, {}, key_of));

}  // namespace

std::span<const Operator> all_operators() noexcept { return kOperators; }

const Operator* find_operator(std::string_view domain, std::string_view name) noexcept {
  const auto found = std::ranges::lower_bound(kOperators, std::pair(domain, name), {}, key_of);
  const bool known = found != kOperators.end() && found->domain == domain && found->name == name;
  return known ? &*found : nullptr;
}

}  // namespace ringmaker::model
