#include "serve/openapi.h"

#include "base/version.h"
#include "codec/class_labels.h"
#include "codec/media_type.h"
#include "codec/selected/output_selection.h"
#include "serve/example_rows.h"
#include "serve/inference_path.h"
#include "wire/json_writer.h"

#include <array>
#include <string_view>

namespace ringmaker::serve {
namespace {

constexpr std::string_view kJson = "application/json";

/// Writes the document; each function one part of it.
class Document {
 public:
  Document(const model::Predictor* own, std::span<const float> real_row, std::string& out)
      : own_(own), real_row_(real_row), json_(out) {}

  void write() {
    json_.begin_object().member("openapi", "3.1.0");
    json_.key("info").begin_object().member("title", "Ringmaker");
    json_.member("version", base::kVersion);
    json_.member("description", own_ != nullptr
                                    ? "One model of kind " + std::string(own_->kind()) + '.'
                                    : "Models that POST /models has loaded.");
    json_.end_object();
    write_paths();
    json_.key("components").begin_object().key("schemas").begin_object();
    write_schemas();
    json_.end_object().end_object().end_object();
  }

 private:
  void write_paths() {
    json_.key("paths").begin_object();
    read("/ping", "Whether the server is ready", "text/plain", {});
    read("/metrics", "Counters as Prometheus text", "text/plain", {});
    read("/execution-parameters", "How a batch transform job should call", kJson, "Any");
    read("/openapi.json", "This document", kJson, "Any");
    if (own_ != nullptr) {
      scored("/invocations", "Score rows");
    }
    scored("/endpoints/{name}/invocations", "Score rows, as SageMaker's clients ask");
    streamed("/endpoints/{name}/invocations-response-stream",
             "The same, with scores as events while they are made");
    write_models();
    read("/v2", "Name, version and extensions", kJson, "Any");
    read("/v2/health/live", "Whether the server runs", kJson, "Any");
    read("/v2/health/ready", "Whether the server is ready", kJson, "Any");
    read("/v2/models/{name}", "Inputs and outputs of a model", kJson, "Any");
    read("/v2/models/{name}/ready", "Whether a model is ready", kJson, "Any");
    read("/v2/models/{name}/versions/{version}", "The same of a version", kJson, "Any");
    read("/v2/models/{name}/versions/{version}/ready", "Whether a version is ready", kJson, "Any");
    const std::string tensors = own_ != nullptr ? example_tensors(own_->schema(), real_row_) : "";
    posted("/v2/models/{name}/infer", "Score tensors", "InferRequest", "InferResponse", tensors);
    posted("/v2/models/{name}/versions/{version}/infer", "Score tensors", "InferRequest",
           "InferResponse", tensors);
    read("/v1/models", "Names of the models", kJson, "Any");
    read("/v1/models/{name}", "Whether a model is ready", kJson, "Any");
    posted("/v1/models/{name}:predict", "Score instances", "Rows", "BarePredictions",
           example(codec::Format::kJson));
    json_.end_object();
  }

  void write_models() {
    begin_path("/models");
    begin_operation("get", "The models loaded");
    responses("200", kJson, "Any");
    begin_operation("post", "Load a model");
    request(kJson, "Load");
    responses("200", kJson, "Any");
    json_.end_object();
    begin_path("/models/{name}");
    begin_operation("get", "One model");
    responses("200", kJson, "Any");
    begin_operation("delete", "Unload a model");
    responses("200", kJson, "Any");
    json_.end_object();
    scored("/models/{name}/invoke", "Score rows by one model");
  }

  /// Path parameters are those that stand in braces.
  void begin_path(std::string_view path) {
    path_ = path;
    json_.key(path).begin_object();
    const size_t first = path.find('{');
    if (first == std::string_view::npos) {
      return;
    }
    json_.key("parameters").begin_array();
    for (size_t at = first; at != std::string_view::npos; at = path.find('{', at + 1)) {
      json_.begin_object().member("name", path.substr(at + 1, path.find('}', at) - at - 1));
      json_.member("in", "path").member("required", true);
      json_.key("schema").begin_object().member("type", "string").end_object().end_object();
    }
    json_.end_array();
  }
  void begin_operation(std::string_view method, std::string_view summary) {
    json_.key(method).begin_object().member("summary", summary);
  }
  /// `example`: JSON, where there is one.
  void content(std::string_view media_type, std::string_view schema,
               std::string_view example = {}) {
    json_.key(media_type).begin_object();
    if (!schema.empty()) {
      json_.key("schema").begin_object();
      reference(schema);
      json_.end_object();
    }
    if (!example.empty()) {
      json_.key("example").raw(example);
    }
    json_.end_object();
  }
  void reference(std::string_view schema) {
    json_.member("$ref", "#/components/schemas/" + std::string(schema));
  }
  void request(std::string_view media_type, std::string_view schema,
               std::string_view example = {}) {
    json_.key("requestBody").begin_object().member("required", true).key("content").begin_object();
    content(media_type, schema, example);
    json_.end_object().end_object();
  }
  /// And ends the operation.
  void responses(std::string_view status, std::string_view media_type, std::string_view schema) {
    json_.key("responses").begin_object().key(status).begin_object();
    json_.member("description", "Answered").key("content").begin_object();
    content(media_type, schema);
    json_.end_object().end_object();
    failures();
    json_.end_object().end_object();
  }
  void failures() {
    json_.key("default").begin_object().member("description", "One sentence: what is wrong");
    json_.key("content").begin_object();
    const bool of_the_api = path_.starts_with("/endpoints/");
    content(kJson, of_the_api ? "Any" : "Error");
    // Elsewhere it is JSON where Accept asks for it, or the request came in it.
    if (!of_the_api && !is_inference_path(path_)) {
      content("text/plain", {});
    }
    json_.end_object().end_object();
  }

  void read(std::string_view path, std::string_view summary, std::string_view media_type,
            std::string_view schema) {
    begin_path(path);
    begin_operation("get", summary);
    responses("200", media_type, schema);
    json_.end_object();
  }
  void posted(std::string_view path, std::string_view summary, std::string_view in,
              std::string_view out, std::string_view example) {
    begin_path(path);
    begin_operation("post", summary);
    request(kJson, in, example);
    responses("200", kJson, out);
    json_.end_object();
  }
  /// One row in that format, as JSON; empty where people do not write it by hand, or no model is
  /// known.
  [[nodiscard]] std::string example(codec::Format format) const {
    std::string json;
    if (own_ == nullptr) {
      return json;
    }
    if (format == codec::Format::kJson) {
      json = example_instances(own_->schema(), real_row_);
    } else if (format == codec::Format::kCsv) {
      wire::append_json_string(json, example_csv(own_->schema(), real_row_) + '\n');
    } else if (format == codec::Format::kJsonLines) {
      wire::append_json_string(json, example_json_row(own_->schema(), real_row_) + '\n');
    }
    return json;
  }
  /// In every format that is read.
  void request_of_rows() {
    json_.key("requestBody").begin_object().member("required", true).key("content").begin_object();
    for (size_t i = 0; i < codec::kNamedFormats; ++i) {
      const auto format = static_cast<codec::Format>(i);
      content(codec::media_type_name(format), format == codec::Format::kJson ? "Rows" : "",
              example(format));
    }
    json_.end_object().end_object();
  }
  void streamed(std::string_view path, std::string_view summary) {
    begin_path(path);
    begin_operation("post", summary);
    request_of_rows();
    responses("200", "application/vnd.amazon.eventstream", {});
    json_.end_object();
  }
  /// In every format that is written.
  void scored(std::string_view path, std::string_view summary) {
    begin_path(path);
    begin_operation("post", summary);
    request_of_rows();
    json_.key("responses").begin_object().key("200").begin_object();
    json_.member("description", "Scores, one a row, in the format that Accept names");
    json_.key("content").begin_object();
    for (size_t i = 0; i < codec::kNamedFormats; ++i) {
      const auto format = static_cast<codec::Format>(i);
      if (codec::is_writable(format)) {
        content(codec::media_type_name(format),
                format == codec::Format::kJson ? "Predictions" : "");
      }
    }
    json_.end_object().end_object();
    failures();
    json_.end_object().end_object().end_object();
  }

  // ---- Schemas

  void type(std::string_view name) { json_.member("type", name); }
  void types(std::string_view one, std::string_view other) {
    json_.key("type").begin_array().value(one).value(other).end_array();
  }
  void number_or_text() {
    json_.key("type").begin_array().value("number").value("string").value("null").end_array();
  }
  void begin_array_of(std::string_view key) {
    json_.key(key).begin_object();
    type("array");
    json_.key("items").begin_object();
  }
  void required(std::initializer_list<std::string_view> names) {
    json_.key("required").begin_array();
    for (const std::string_view name : names) {
      json_.value(name);
    }
    json_.end_array();
  }

  void write_schemas() {
    json_.key("Any").begin_object();
    type("object");
    json_.end_object();
    json_.key("Error").begin_object();
    type("object");
    json_.key("properties").begin_object().key("error").begin_object();
    type("string");
    json_.end_object().end_object();
    required({"error"});
    json_.end_object();
    json_.key("Load").begin_object();
    type("object");
    json_.key("properties").begin_object();
    for (const std::string_view name : {"model_name", "url"}) {
      json_.key(name).begin_object();
      type("string");
      json_.end_object();
    }
    json_.end_object();
    required({"model_name", "url"});
    json_.end_object();
    write_instance();
    json_.key("Rows").begin_object();
    type("object");
    json_.key("properties").begin_object();
    begin_array_of("instances");
    reference("Instance");
    json_.end_object().end_object().end_object();
    required({"instances"});
    json_.end_object();
    write_predictions();
    write_tensors();
  }

  /// A row by position or by the features' names.
  void write_instance() {
    json_.key("Instance").begin_object();
    if (own_ == nullptr) {
      types("array", "object");
      json_.end_object();
      return;
    }
    const data::Schema& schema = own_->schema();
    json_.key("oneOf").begin_array().begin_object();
    type("array");
    json_.member("minItems", schema.feature_count()).member("maxItems", schema.feature_count());
    json_.key("items").begin_object();
    if (schema.category_names.empty() && schema.text_features.empty()) {
      types("number", "null");
    } else {
      number_or_text();
    }
    json_.end_object().end_object();
    if (schema.features_named) {
      json_.begin_object();
      type("object");
      json_.key("properties").begin_object();
      for (size_t j = 0; j < schema.feature_count(); ++j) {
        json_.key(schema.feature_names[j]).begin_object();
        if (schema.has_category_names(j)) {
          number_or_text();
        } else {
          types(schema.is_text(j) ? "string" : "number", "null");
        }
        json_.end_object();
      }
      json_.end_object().key("required").begin_array();
      for (const std::string& name : schema.feature_names) {
        json_.value(name);
      }
      json_.end_array().end_object();
    }
    json_.end_array().end_object();
  }

  void score() {
    if (own_ == nullptr) {
      json_.key("type").begin_array().value("number").value("array").value("null").end_array();
    } else if (!own_->output().scores_are_list()) {
      types("number", "null");
    } else {
      type("array");
      json_.member("minItems", own_->output().score_columns());
      json_.member("maxItems", own_->output().score_columns());
      json_.key("items").begin_object();
      types("number", "null");
      json_.end_object();
    }
  }

  void write_predictions() {
    json_.key("Predictions").begin_object();
    type("object");
    json_.key("properties").begin_object();
    begin_array_of("predictions");
    type("object");
    json_.key("properties").begin_object().key("score").begin_object();
    score();
    json_.end_object();
    if (own_ != nullptr && own_->output().label_beside_score()) {
      const codec::ClassLabels labels(own_->output());
      json_.key("predicted_label").begin_object().key("enum").begin_array();
      for (size_t i = 0; i < labels.count(); ++i) {
        json_.raw(labels.json(i));
      }
      json_.null().end_array().end_object();
    }
    json_.end_object().end_object().end_object().end_object();
    required({"predictions"});
    json_.end_object();
    json_.key("BarePredictions").begin_object();
    type("object");
    json_.key("properties").begin_object();
    begin_array_of("predictions");
    score();
    json_.end_object().end_object().end_object();
    required({"predictions"});
    json_.end_object();
  }

  void write_tensors() {
    json_.key("Tensor").begin_object();
    type("object");
    json_.key("properties").begin_object();
    for (const std::string_view name : {"name", "datatype"}) {
      json_.key(name).begin_object();
      type("string");
      json_.end_object();
    }
    begin_array_of("shape");
    type("integer");
    json_.end_object().end_object();
    json_.key("data").begin_object();
    type("array");
    json_.end_object();
    json_.key("parameters").begin_object();
    type("object");
    json_.end_object().end_object();
    required({"name", "shape", "datatype"});
    json_.end_object();
    infer("InferRequest", "inputs");
    infer("InferResponse", "outputs");
  }
  void infer(std::string_view name, std::string_view tensors) {
    json_.key(name).begin_object();
    type("object");
    json_.key("properties").begin_object().key("id").begin_object();
    type("string");
    json_.end_object();
    begin_array_of(tensors);
    reference("Tensor");
    json_.end_object().end_object().end_object();
    required({tensors});
    json_.end_object();
  }

  const model::Predictor* own_;
  std::span<const float> real_row_;
  wire::JsonWriter json_;
  std::string_view path_;  // that is being written
};

}  // namespace

std::string openapi(const model::Predictor* own, std::span<const float> real_row) {
  std::string text;
  Document(own, real_row, text).write();
  return text;
}

}  // namespace ringmaker::serve
