#include "model/model.h"

#include "model/linear/linear_predictor.h"
#include "model/link.h"

#include <fmt/format.h>

#include <cmath>
#include <ranges>

namespace ringmaker::model {
namespace {

using base::ErrorCode;
using base::fail;
using base::Result;

Result<void> expect_count(std::string_view what, size_t found, size_t expected) {
  if (found != expected) {
    return fail(ErrorCode::kInvalidInput,
                fmt::format("the model's {} has {} values, expected {}", what, found, expected));
  }
  return {};
}

Result<void> expect_finite(std::string_view what, const auto& values) {
  const auto bad = std::ranges::find_if_not(values, [](auto v) { return std::isfinite(v); });
  if (bad != std::ranges::end(values)) {
    return fail(ErrorCode::kInvalidInput,
                fmt::format("the model's {} holds {} at position {}, expected a finite number",
                            what, *bad, bad - std::ranges::begin(values)));
  }
  return {};
}

Result<void> validate_output(const data::OutputSchema& output) {
  const size_t classes = output.class_names.size();
  const bool fits = output.task == data::Task::kRegression ? classes == 0
                    : output.task == data::Task::kBinary   ? classes == 2
                                                           : classes >= 2;
  if (!fits) {
    return fail(ErrorCode::kInvalidInput,
                fmt::format("a {} model cannot have {} classes", data::name(output.task), classes));
  }
  if (!std::isfinite(output.threshold)) {
    return fail(ErrorCode::kInvalidInput, "the model's threshold is not a finite number");
  }
  return {};
}

Result<void> validate_parameters(const Model& model, const LinearParameters& linear) {
  const size_t features = model.schema.feature_count();
  if (features == 0) {
    return fail(ErrorCode::kInvalidInput, "the model has no features");
  }
  RM_TRY(expect_count("output", linear.outputs, model.output.score_columns()));
  if ((linear.link == Link::kSoftmax) != (model.output.task == data::Task::kMulticlass) ||
      (linear.link == Link::kLogistic && model.output.task != data::Task::kBinary)) {
    return fail(ErrorCode::kInvalidInput,
                fmt::format("a {} model cannot have a {} link", data::name(model.output.task),
                            name(linear.link)));
  }
  if (model.output.margin !=
      (linear.link == Link::kIdentity && model.output.task == data::Task::kBinary)) {
    return fail(ErrorCode::kInvalidInput,
                fmt::format("a {} model with a {} link {} margins", data::name(model.output.task),
                            name(linear.link), model.output.margin ? "has no" : "answers"));
  }
  RM_TRY(expect_count("weights", linear.weights.size(), linear.outputs * features));
  RM_TRY(expect_count("bias", linear.bias.size(), linear.outputs));
  RM_TRY(expect_count("fill", linear.fill.size(), features));
  RM_TRY(expect_finite("weights", linear.weights));
  RM_TRY(expect_finite("bias", linear.bias));
  return expect_finite("fill", linear.fill);
}

}  // namespace

std::string_view kind(const Model& model) noexcept {
  struct Name {
    std::string_view operator()(const LinearParameters&) const noexcept { return "linear"; }
  };
  return std::visit(Name{}, model.parameters);
}

Result<void> validate(const Model& model) {
  RM_TRY(validate_output(model.output));
  return std::visit([&](const auto& parameters) { return validate_parameters(model, parameters); },
                    model.parameters);
}

Result<std::unique_ptr<Predictor>> compile(const Model& model, base::InstructionSet set) {
  RM_TRY(validate(model));
  return std::make_unique<LinearPredictor>(model, std::get<LinearParameters>(model.parameters),
                                           set);
}

}  // namespace ringmaker::model
