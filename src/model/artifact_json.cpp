#include "model/artifact_json.h"

#include "base/check.h"
#include "model/artifact_header.h"
#include "model/link.h"
#include "wire/json_reader.h"
#include "wire/json_writer.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace ringmaker::model {
namespace {

using base::ErrorCode;
using base::fail;
using base::Result;
using wire::JsonValue;
using wire::JsonWriter;

constexpr std::array kTypes{TensorType::kF32, TensorType::kF64, TensorType::kI32, TensorType::kU32,
                            TensorType::kU8};

size_t bytes_of(TensorType type) {
  return type == TensorType::kF64 ? 8 : type == TensorType::kU8 ? 1 : 4;
}

std::string_view name_of(TensorType type) {
  constexpr std::array<std::string_view, kTypes.size()> kNames{"f32", "f64", "i32", "u32", "u8"};
  return kNames.at(static_cast<size_t>(type));
}

constexpr std::array kActivations{Activation::kNone, Activation::kRelu, Activation::kTanh,
                                  Activation::kLogistic};

std::string_view name_of(Activation activation) {
  constexpr std::array<std::string_view, kActivations.size()> kNames{"none", "relu", "tanh",
                                                                     "logistic"};
  return kNames.at(static_cast<size_t>(activation));
}

constexpr std::array kKernelTypes{KernelType::kLinear, KernelType::kPoly, KernelType::kRbf,
                                  KernelType::kSigmoid};

std::string_view name_of(KernelType type) {
  constexpr std::array<std::string_view, kKernelTypes.size()> kNames{"linear", "poly", "rbf",
                                                                     "sigmoid"};
  return kNames.at(static_cast<size_t>(type));
}

void write_strings(JsonWriter& json, std::string_view key, const std::vector<std::string>& texts) {
  json.key(key).begin_array(true);
  for (const std::string& text : texts) {
    json.value(text);
  }
  json.end_array();
}

void write_output(JsonWriter& json, const data::OutputSchema& output) {
  json.key("output").begin_object();
  json.member("task", data::name(output.task));
  write_strings(json, "classes", output.class_names);
  json.member("numeric_classes", output.numeric_classes);
  json.member("threshold", output.threshold);
  // Written where they say something, so that files of other models stay as they were.
  if (output.class_index) {
    json.member("class_index", true);
  }
  if (!output.value_names.empty()) {
    write_strings(json, "values", output.value_names);
  }
  if (!output.labels_with_scores) {
    json.member("labels_with_scores", false);
  }
  json.end_object();
}

void write_schema(JsonWriter& json, const data::Schema& schema) {
  write_strings(json, "features", schema.feature_names);
  write_strings(json, "missing_markers", schema.missing_markers);
  if (!schema.features_named) {
    json.member("features_named", false);
  }
  if (schema.blanks_as_underscores) {
    json.member("blanks_as_underscores", true);
  }
  if (std::isnan(schema.absent_value)) {
    json.member("absent", "missing");
  }
  if (schema.unknown_text_missing) {
    json.member("unknown_category", "missing");
  }
  if (schema.category_names.empty()) {
    return;
  }
  json.key("categories").begin_array();
  for (const std::vector<std::string>& names : schema.category_names) {
    json.begin_array(true);
    for (const std::string& name : names) {
      json.value(name);
    }
    json.end_array();
  }
  json.end_array();
}

struct ParametersWriter {
  JsonWriter& json;

  void operator()(const LinearParameters& linear) const { json.member("link", name(linear.link)); }
  void operator()(const TreeParameters& trees) const {
    json.member("link", name(trees.link)).member("objective", trees.objective);
    json.key("trees").begin_object();
    json.member("outputs", trees.ensemble.outputs);
    json.member("leaf_width", trees.ensemble.leaf_width);
    json.member("precision", trees.ensemble.precision == Precision::kFloat64 ? "f64" : "f32");
    json.member("rounds", trees.rounds);
    if (trees.ensemble.tiny_is_zero) {
      json.member("tiny_is_zero", true);
    }
    if (trees.slope != 1) {
      json.member("slope", trees.slope);
    }
    if (trees.average) {
      json.member("average", true);
    }
    json.end_object();
  }
  void operator()(const BoostedLinearParameters& linear) const {
    json.member("link", name(linear.link)).member("objective", linear.objective);
    json.key("gblinear").begin_object();
    json.member("outputs", linear.outputs).member("base", linear.base).end_object();
  }
  void operator()(const MlpParameters& mlp) const {
    json.member("link", name(mlp.link));
    json.key("mlp").begin_object().key("layers").begin_array();
    for (const MlpLayer& layer : mlp.layers) {
      json.begin_object().member("outputs", layer.outputs);
      json.member("activation", name_of(layer.activation)).end_object();
    }
    json.end_array().end_object();
  }
  void operator()(const SupportVectorParameters& machine) const {
    json.member("link", name(machine.link));
    json.key("svm").begin_object().member("outputs", machine.outputs);
    json.member("kernel", name_of(machine.kernel.type)).member("gamma", machine.kernel.gamma);
    json.member("coef0", machine.kernel.coef0).member("degree", machine.kernel.degree);
    json.end_object();
  }
  void operator()(const KMeansParameters& /*kmeans*/) const {}
  void operator()(const GraphParameters& graph) const {
    json.key("graph").begin_object().member("format", "onnx");
    json.member("ir_version", graph.ir_version).end_object();
  }
  void operator()(const AverageParameters& /*average*/) const { RM_UNREACHABLE(); }
};

void write_provenance(JsonWriter& json, const Provenance& provenance) {
  json.key("provenance").begin_object();
  json.member("trained_by", provenance.trained_by);
  json.member("trained_at", provenance.trained_at);
  json.member("rows_trained", provenance.rows_trained);
  json.member("data_fingerprint", provenance.data_fingerprint);
  json.key("hyperparameters").begin_object();
  for (const auto& [name, value] : provenance.hyperparameters) {
    json.member(name, value);
  }
  json.end_object();
  json.key("metrics").begin_object();
  for (const auto& [name, value] : provenance.metrics) {
    json.member(name, value);
  }
  json.end_object();
  json.key("importance").begin_array(true);
  for (const double share : provenance.importance) {
    json.value(share);
  }
  json.end_array().end_object();
}

void write_tensors(JsonWriter& json, std::span<const Tensor> tensors) {
  json.key("tensors").begin_array();
  for (const Tensor& tensor : tensors) {
    json.begin_object().member("name", tensor.name);
    json.member("type", name_of(tensor.type));
    json.key("shape").begin_array(true);
    for (const uint64_t length : tensor.shape) {
      json.value(length);
    }
    json.end_array().member("offset", tensor.offset).end_object();
  }
  json.end_array();
}

Result<std::string> read_string(const JsonValue& object, std::string_view key) {
  RM_ASSIGN(const JsonValue* value, object.require(key));
  RM_ASSIGN(const std::string_view text, value->as_string());
  return std::string(text);
}

Result<std::vector<std::string>> read_strings(const JsonValue& object, std::string_view key) {
  RM_ASSIGN(const JsonValue* value, object.require(key));
  RM_ASSIGN(const auto items, value->as_array());
  std::vector<std::string> texts;
  for (const JsonValue& item : items) {
    RM_ASSIGN(const std::string_view text, item.as_string());
    texts.emplace_back(text);
  }
  return texts;
}

/// A metric that was not a number is stored as null.
Result<double> read_number_or_null(const JsonValue& value) {
  return value.is_null() ? Result<double>(std::numeric_limits<double>::quiet_NaN())
                         : value.as_double();
}

template <class Enum, size_t n>
Result<Enum> read_name(const JsonValue& object, std::string_view key,
                       const std::array<Enum, n>& known, auto name_of) {
  RM_ASSIGN(const JsonValue* value, object.require(key));
  for (const Enum candidate : known) {
    if (value->is_string() && value->text() == name_of(candidate)) {
      return candidate;
    }
  }
  return fail(
      ErrorCode::kUnsupported,
      fmt::format("the model file's {} \"{}\" is unknown to this build", key, value->text()));
}

Result<data::OutputSchema> read_output(const JsonValue& document) {
  RM_ASSIGN(const JsonValue* object, document.require("output"));
  data::OutputSchema output;
  constexpr std::array kTasks{data::Task::kRegression, data::Task::kBinary,
                              data::Task::kMulticlass};
  RM_ASSIGN(output.task,
            read_name(*object, "task", kTasks, [](data::Task task) { return data::name(task); }));
  RM_ASSIGN(output.class_names, read_strings(*object, "classes"));
  RM_ASSIGN(const JsonValue* numeric, object->require("numeric_classes"));
  RM_ASSIGN(output.numeric_classes, numeric->as_bool());
  RM_ASSIGN(const JsonValue* threshold, object->require("threshold"));
  RM_ASSIGN(const double number, threshold->as_double());
  output.threshold = static_cast<float>(number);
  if (const JsonValue* index = object->find("class_index")) {
    RM_ASSIGN(output.class_index, index->as_bool());
  }
  if (object->find("values") != nullptr) {
    RM_ASSIGN(output.value_names, read_strings(*object, "values"));
  }
  if (const JsonValue* labels = object->find("labels_with_scores")) {
    RM_ASSIGN(output.labels_with_scores, labels->as_bool());
  }
  return output;
}

Result<data::Schema> read_schema(const JsonValue& document) {
  data::Schema schema;
  RM_ASSIGN(schema.feature_names, read_strings(document, "features"));
  RM_ASSIGN(schema.missing_markers, read_strings(document, "missing_markers"));
  if (const JsonValue* named = document.find("features_named")) {
    RM_ASSIGN(schema.features_named, named->as_bool());
  }
  if (const JsonValue* blanks = document.find("blanks_as_underscores")) {
    RM_ASSIGN(schema.blanks_as_underscores, blanks->as_bool());
  }
  const JsonValue* absent = document.find("absent");
  if (absent != nullptr && absent->text() == "missing") {
    schema.absent_value = std::numeric_limits<float>::quiet_NaN();
  }
  const JsonValue* unknown = document.find("unknown_category");
  schema.unknown_text_missing = unknown != nullptr && unknown->text() == "missing";
  if (const JsonValue* categories = document.find("categories")) {
    RM_ASSIGN(const auto lists, categories->as_array());
    for (const JsonValue& list : lists) {
      RM_ASSIGN(const auto names, list.as_array());
      std::vector<std::string>& texts = schema.category_names.emplace_back();
      for (const JsonValue& name : names) {
        RM_ASSIGN(const std::string_view text, name.as_string());
        texts.emplace_back(text);
      }
    }
  }
  return schema;
}

Result<uint64_t> read_count(const JsonValue& object, std::string_view key) {
  RM_ASSIGN(const JsonValue* value, object.require(key));
  return value->as_uint64();
}

Result<Link> read_link(const JsonValue& document) {
  constexpr std::array kLinks{Link::kIdentity,     Link::kLogistic, Link::kSoftmax,
                              Link::kExponential,  Link::kStep,     Link::kClassIndex,
                              Link::kSignedSquare, Link::kSoftplus, Link::kRising};
  return read_name(document, "link", kLinks, [](Link link) { return name(link); });
}

Result<TreeParameters> read_trees(const JsonValue& document, size_t features) {
  TreeParameters trees;
  RM_ASSIGN(trees.link, read_link(document));
  RM_ASSIGN(trees.objective, read_string(document, "objective"));
  RM_ASSIGN(const JsonValue* object, document.require("trees"));
  trees.ensemble.features = features;
  RM_ASSIGN(trees.ensemble.outputs, read_count(*object, "outputs"));
  RM_ASSIGN(trees.ensemble.leaf_width, read_count(*object, "leaf_width"));
  RM_ASSIGN(trees.rounds, read_count(*object, "rounds"));
  if (const JsonValue* tiny = object->find("tiny_is_zero")) {
    RM_ASSIGN(trees.ensemble.tiny_is_zero, tiny->as_bool());
  }
  if (const JsonValue* slope = object->find("slope")) {
    RM_ASSIGN(trees.slope, slope->as_double());
  }
  if (const JsonValue* average = object->find("average")) {
    RM_ASSIGN(trees.average, average->as_bool());
  }
  constexpr std::array kPrecisions{Precision::kFloat32, Precision::kFloat64};
  RM_ASSIGN(trees.ensemble.precision, read_name(*object, "precision", kPrecisions, [](Precision p) {
              return p == Precision::kFloat64 ? "f64" : "f32";
            }));
  return trees;
}

Result<BoostedLinearParameters> read_boosted_linear(const JsonValue& document) {
  BoostedLinearParameters linear;
  RM_ASSIGN(linear.link, read_link(document));
  RM_ASSIGN(linear.objective, read_string(document, "objective"));
  RM_ASSIGN(const JsonValue* object, document.require("gblinear"));
  RM_ASSIGN(linear.outputs, read_count(*object, "outputs"));
  RM_ASSIGN(const JsonValue* base, object->require("base"));
  RM_ASSIGN(const double number, base->as_double());
  linear.base = static_cast<float>(number);
  return linear;
}

Result<MlpParameters> read_mlp(const JsonValue& document) {
  MlpParameters mlp;
  RM_ASSIGN(mlp.link, read_link(document));
  RM_ASSIGN(const JsonValue* object, document.require("mlp"));
  RM_ASSIGN(const JsonValue* list, object->require("layers"));
  RM_ASSIGN(const auto layers, list->as_array());
  for (const JsonValue& layer : layers) {
    MlpLayer& made = mlp.layers.emplace_back();
    RM_ASSIGN(made.outputs, read_count(layer, "outputs"));
    RM_ASSIGN(made.activation, read_name(layer, "activation", kActivations,
                                         [](Activation one) { return name_of(one); }));
  }
  return mlp;
}

Result<float> read_float(const JsonValue& object, std::string_view key) {
  RM_ASSIGN(const JsonValue* value, object.require(key));
  RM_ASSIGN(const double number, value->as_double());
  return static_cast<float>(number);
}

Result<SupportVectorParameters> read_svm(const JsonValue& document) {
  SupportVectorParameters machine;
  RM_ASSIGN(machine.link, read_link(document));
  RM_ASSIGN(const JsonValue* object, document.require("svm"));
  RM_ASSIGN(machine.outputs, read_count(*object, "outputs"));
  RM_ASSIGN(machine.kernel.type, read_name(*object, "kernel", kKernelTypes,
                                           [](KernelType type) { return name_of(type); }));
  RM_ASSIGN(machine.kernel.gamma, read_float(*object, "gamma"));
  RM_ASSIGN(machine.kernel.coef0, read_float(*object, "coef0"));
  RM_ASSIGN(machine.kernel.degree, read_float(*object, "degree"));
  return machine;
}

Result<Provenance> read_provenance(const JsonValue& document) {
  RM_ASSIGN(const JsonValue* object, document.require("provenance"));
  Provenance provenance;
  RM_ASSIGN(provenance.trained_by, read_string(*object, "trained_by"));
  RM_ASSIGN(provenance.trained_at, read_string(*object, "trained_at"));
  RM_ASSIGN(const JsonValue* rows, object->require("rows_trained"));
  RM_ASSIGN(provenance.rows_trained, rows->as_uint64());
  if (object->find("data_fingerprint") != nullptr) {  // older files have none
    RM_ASSIGN(provenance.data_fingerprint, read_string(*object, "data_fingerprint"));
  }
  RM_ASSIGN(const JsonValue* hyperparameters, object->require("hyperparameters"));
  RM_ASSIGN(const auto settings, hyperparameters->as_object());
  for (const JsonValue& setting : settings) {
    provenance.hyperparameters.emplace_back(setting.key(), setting.text());
  }
  RM_ASSIGN(const JsonValue* metrics, object->require("metrics"));
  RM_ASSIGN(const auto scores, metrics->as_object());
  for (const JsonValue& score : scores) {
    RM_ASSIGN(const double number, read_number_or_null(score));
    provenance.metrics.emplace_back(score.key(), number);
  }
  RM_ASSIGN(const JsonValue* importance, object->require("importance"));
  RM_ASSIGN(const auto shares, importance->as_array());
  for (const JsonValue& share : shares) {
    RM_ASSIGN(const double number, read_number_or_null(share));
    provenance.importance.push_back(number);
  }
  return provenance;
}

Result<Tensor> read_tensor(const JsonValue& object, std::span<const std::byte> tensors) {
  Tensor tensor;
  RM_ASSIGN(tensor.name, read_string(object, "name"));
  RM_ASSIGN(tensor.type,
            read_name(object, "type", kTypes, [](TensorType type) { return name_of(type); }));
  RM_ASSIGN(const JsonValue* shape, object.require("shape"));
  RM_ASSIGN(const auto lengths, shape->as_array());
  uint64_t bytes = bytes_of(tensor.type);
  for (const JsonValue& length : lengths) {
    RM_ASSIGN(const uint64_t count, length.as_uint64());
    if (__builtin_mul_overflow(bytes, count, &bytes)) {
      return fail(ErrorCode::kCorrupt, length.error("is too large").message());
    }
    tensor.shape.push_back(count);
  }
  RM_ASSIGN(const JsonValue* offset, object.require("offset"));
  RM_ASSIGN(tensor.offset, offset->as_uint64());
  if (tensor.offset % kArtifactAlignment != 0 || tensor.offset > tensors.size() ||
      bytes > tensors.size() - tensor.offset) {
    return fail(ErrorCode::kCorrupt,
                fmt::format("the model file's tensor \"{}\" lies outside it", tensor.name));
  }
  tensor.data = tensors.subspan(tensor.offset, bytes);
  return tensor;
}

Result<LinearParameters> read_linear(const JsonValue& document, const data::OutputSchema& output) {
  LinearParameters linear;
  RM_ASSIGN(linear.link, read_link(document));
  linear.outputs = output.score_columns();
  return linear;
}

Result<std::string> read_kind(const JsonValue& document) {
  RM_ASSIGN(std::string kind, read_string(document, "kind"));
  constexpr std::array<std::string_view, 7> kKinds{"linear", "trees", "gblinear", "graph",
                                                   "mlp",    "svm",   "kmeans"};
  if (std::ranges::find(kKinds, kind) == kKinds.end()) {
    return fail(ErrorCode::kUnsupported,
                fmt::format("the model file holds a \"{}\" model, unknown to this build", kind));
  }
  return kind;
}

Result<void> read_parameters(std::string_view kind, const JsonValue& document, Model& model) {
  if (kind == "graph") {
    model.parameters = GraphParameters();  // all of it is in the file within
    return {};
  }
  if (kind == "kmeans") {
    model.parameters = KMeansParameters();  // all of it are tensors
    return {};
  }
  if (kind == "linear") {
    RM_ASSIGN(model.parameters, read_linear(document, model.output));
  } else if (kind == "trees") {
    RM_ASSIGN(model.parameters, read_trees(document, model.schema.feature_count()));
  } else if (kind == "mlp") {
    RM_ASSIGN(model.parameters, read_mlp(document));
  } else if (kind == "svm") {
    RM_ASSIGN(model.parameters, read_svm(document));
  } else {
    RM_ASSIGN(model.parameters, read_boosted_linear(document));
  }
  // The link says what the score is, so that no second key can contradict it.
  RM_ASSIGN(const Link link, read_link(document));
  model.output.margin = model.output.task == data::Task::kBinary && link == Link::kIdentity;
  return {};
}

Result<ArtifactDescription> read_document(const JsonValue& document,
                                          std::span<const std::byte> tensors) {
  // A kind that is new may have new rules for all that follows.
  RM_ASSIGN(const std::string kind, read_kind(document));
  ArtifactDescription description;
  Model& model = description.model;
  RM_ASSIGN(model.schema, read_schema(document));
  RM_ASSIGN(model.output, read_output(document));
  RM_ASSIGN(model.provenance, read_provenance(document));
  RM_TRY(read_parameters(kind, document, model));
  RM_ASSIGN(const JsonValue* directory, document.require("tensors"));
  RM_ASSIGN(const auto entries, directory->as_array());
  for (const JsonValue& entry : entries) {
    RM_ASSIGN(Tensor tensor, read_tensor(entry, tensors));
    description.tensors.push_back(std::move(tensor));
  }
  return description;
}

}  // namespace

std::string describe_artifact(const Model& model, std::span<const Tensor> tensors) {
  std::string text;
  JsonWriter json(text, JsonWriter::Layout::kPretty);
  json.begin_object().member("format", "ringmaker model").member("kind", kind(model));
  std::visit(ParametersWriter{json}, model.parameters);
  write_schema(json, model.schema);
  write_output(json, model.output);
  write_provenance(json, model.provenance);
  write_tensors(json, tensors);
  json.end_object();
  text += '\n';
  return text;
}

Result<ArtifactDescription> read_description(std::string_view json,
                                             std::span<const std::byte> tensors) {
  const auto document = JsonValue::parse(json);
  if (!document) {
    return fail(ErrorCode::kCorrupt, "the model file's JSON: " + document.error().message());
  }
  auto description = read_document(*document, tensors);
  if (!description && description.error().code() == ErrorCode::kInvalidInput) {
    return fail(ErrorCode::kCorrupt, "the model file's JSON: " + description.error().message());
  }
  return description;
}

}  // namespace ringmaker::model
