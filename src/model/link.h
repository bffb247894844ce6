// Link: from the raw values of a linear or additive model to what its output schema promises.
#pragma once

#include "data/dense_block.h"
#include "model/linear/linear_kernels.h"
#include "model/model.h"

#include <span>

namespace ringmaker::model {

/// How far a value of kRising is above the one before, at least.
inline constexpr float kRiseMin = 1e-6F;

[[nodiscard]] std::string_view name(Link link) noexcept;

/// In place. Identity: nothing; logistic: P(class 1); softmax: one probability a column, which add
/// up to 1; the others as model.h says. Not for kClassIndex, which is no value a raw
/// value. A row's result depends on that row alone and is the same for every instruction set.
void apply_link(Link link, const LinearKernels& kernels, data::DenseSpan scores) noexcept;

/// The same of one row in double, as libraries that compute in double have it. For all links: the
/// index of a class is in scores[0].
void apply_link(Link link, std::span<double> scores) noexcept;

/// The index of the first largest of each row of `raw`, which has one column or more, in the one
/// column of `indices`; NaN where a raw value is.
void class_index(data::DenseView raw, data::DenseSpan indices) noexcept;

}  // namespace ringmaker::model
