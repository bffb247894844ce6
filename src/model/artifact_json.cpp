#include "model/artifact_json.h"

#include "model/artifact_header.h"
#include "model/link.h"
#include "wire/json_reader.h"
#include "wire/json_writer.h"

#include <fmt/format.h>

#include <array>
#include <limits>

namespace ringmaker::model {
namespace {

using base::ErrorCode;
using base::fail;
using base::Result;
using wire::JsonValue;
using wire::JsonWriter;

size_t bytes_of(TensorType type) { return type == TensorType::kF64 ? 8 : 4; }

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
  json.end_object();
}

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
    json.member("type", tensor.type == TensorType::kF64 ? "f64" : "f32");
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
  return output;
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
  constexpr std::array kTypes{TensorType::kF32, TensorType::kF64};
  RM_ASSIGN(tensor.type, read_name(object, "type", kTypes, [](TensorType type) {
              return type == TensorType::kF64 ? "f64" : "f32";
            }));
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
  constexpr std::array kLinks{Link::kIdentity, Link::kLogistic, Link::kSoftmax};
  RM_ASSIGN(linear.link, read_name(document, "link", kLinks, [](Link link) { return name(link); }));
  linear.outputs = output.score_columns();
  return linear;
}

Result<ArtifactDescription> read_document(const JsonValue& document,
                                          std::span<const std::byte> tensors) {
  RM_ASSIGN(const std::string kind, read_string(document, "kind"));
  if (kind != "linear") {
    return fail(ErrorCode::kUnsupported,
                fmt::format("the model file holds a \"{}\" model, unknown to this build", kind));
  }
  ArtifactDescription description;
  Model& model = description.model;
  RM_ASSIGN(model.schema.feature_names, read_strings(document, "features"));
  RM_ASSIGN(model.schema.missing_markers, read_strings(document, "missing_markers"));
  RM_ASSIGN(model.output, read_output(document));
  RM_ASSIGN(model.provenance, read_provenance(document));
  RM_ASSIGN(LinearParameters linear, read_linear(document, model.output));
  // The link says what the score is, so that no second key can contradict it.
  model.output.margin = model.output.task == data::Task::kBinary && linear.link == Link::kIdentity;
  model.parameters = std::move(linear);
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
  json.member("link", name(std::get<LinearParameters>(model.parameters).link));
  write_strings(json, "features", model.schema.feature_names);
  write_strings(json, "missing_markers", model.schema.missing_markers);
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
