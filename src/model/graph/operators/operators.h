// What builds the steps of each operator; operator_table.cpp lists them by name. Meaning and
// versions are those of the ONNX specification, with the quirks of its reference runtime.
#pragma once

#include "model/graph/operator_context.h"

namespace ringmaker::model::operators {

using base::Result;

// elementwise.cpp
Result<void> abs(OperatorContext& node);
Result<void> neg(OperatorContext& node);
Result<void> sign(OperatorContext& node);
Result<void> floor(OperatorContext& node);
Result<void> ceil(OperatorContext& node);
Result<void> round(OperatorContext& node);
Result<void> exp(OperatorContext& node);
Result<void> log(OperatorContext& node);
Result<void> sqrt(OperatorContext& node);
Result<void> reciprocal(OperatorContext& node);
Result<void> relu(OperatorContext& node);
Result<void> leaky_relu(OperatorContext& node);
Result<void> elu(OperatorContext& node);
Result<void> selu(OperatorContext& node);
Result<void> sigmoid(OperatorContext& node);
Result<void> hard_sigmoid(OperatorContext& node);
Result<void> softplus(OperatorContext& node);
Result<void> softsign(OperatorContext& node);
Result<void> tanh(OperatorContext& node);
Result<void> erf(OperatorContext& node);
Result<void> clip(OperatorContext& node);
Result<void> logical_not(OperatorContext& node);
Result<void> is_nan(OperatorContext& node);
Result<void> cast(OperatorContext& node);

// broadcasting.cpp
Result<void> add(OperatorContext& node);
Result<void> sub(OperatorContext& node);
Result<void> mul(OperatorContext& node);
Result<void> div(OperatorContext& node);
Result<void> pow(OperatorContext& node);
Result<void> prelu(OperatorContext& node);
Result<void> sum(OperatorContext& node);
Result<void> mean(OperatorContext& node);
Result<void> max(OperatorContext& node);
Result<void> min(OperatorContext& node);
Result<void> equal(OperatorContext& node);
Result<void> less(OperatorContext& node);
Result<void> less_or_equal(OperatorContext& node);
Result<void> greater(OperatorContext& node);
Result<void> greater_or_equal(OperatorContext& node);
Result<void> logical_and(OperatorContext& node);
Result<void> logical_or(OperatorContext& node);
Result<void> logical_xor(OperatorContext& node);
Result<void> where(OperatorContext& node);
Result<void> expand(OperatorContext& node);

// reduction.cpp
Result<void> reduce_sum(OperatorContext& node);
Result<void> reduce_mean(OperatorContext& node);
Result<void> reduce_max(OperatorContext& node);
Result<void> reduce_min(OperatorContext& node);
Result<void> reduce_prod(OperatorContext& node);
Result<void> reduce_l1(OperatorContext& node);
Result<void> reduce_l2(OperatorContext& node);
Result<void> reduce_sum_square(OperatorContext& node);
Result<void> reduce_log_sum(OperatorContext& node);
Result<void> reduce_log_sum_exp(OperatorContext& node);
Result<void> arg_max(OperatorContext& node);
Result<void> arg_min(OperatorContext& node);
Result<void> top_k(OperatorContext& node);
Result<void> softmax(OperatorContext& node);
Result<void> log_softmax(OperatorContext& node);

// shapes.cpp
Result<void> identity(OperatorContext& node);
Result<void> dropout(OperatorContext& node);
Result<void> constant(OperatorContext& node);
Result<void> constant_of_shape(OperatorContext& node);
Result<void> shape(OperatorContext& node);
Result<void> reshape(OperatorContext& node);
Result<void> flatten(OperatorContext& node);
Result<void> squeeze(OperatorContext& node);
Result<void> unsqueeze(OperatorContext& node);

// rearrangement.cpp
Result<void> transpose(OperatorContext& node);
Result<void> concat(OperatorContext& node);
Result<void> split(OperatorContext& node);
Result<void> slice(OperatorContext& node);

// gathering.cpp
Result<void> gather(OperatorContext& node);
Result<void> array_feature_extractor(OperatorContext& node);

// dense.cpp
Result<void> gemm(OperatorContext& node);
Result<void> mat_mul(OperatorContext& node);
Result<void> batch_normalization(OperatorContext& node);
Result<void> linear_regressor(OperatorContext& node);
Result<void> linear_classifier(OperatorContext& node);

// support_vectors.cpp
Result<void> svm_regressor(OperatorContext& node);
Result<void> svm_classifier(OperatorContext& node);

// encoders.cpp
Result<void> one_hot_encoder(OperatorContext& node);
Result<void> label_encoder(OperatorContext& node);
Result<void> category_mapper(OperatorContext& node);

// preprocessing.cpp
Result<void> scaler(OperatorContext& node);
Result<void> normalizer(OperatorContext& node);
Result<void> imputer(OperatorContext& node);
Result<void> binarizer(OperatorContext& node);
Result<void> feature_vectorizer(OperatorContext& node);
Result<void> zip_map(OperatorContext& node);

// trees.cpp
Result<void> tree_ensemble_regressor(OperatorContext& node);
Result<void> tree_ensemble_classifier(OperatorContext& node);
Result<void> tree_ensemble(OperatorContext& node);

// scan.cpp
Result<void> scan(OperatorContext& node);

}  // namespace ringmaker::model::operators
