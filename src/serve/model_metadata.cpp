#include "serve/model_metadata.h"

#include "codec/selected/field_reader.h"
#include "codec/tensors/tensor_encoder.h"
#include "wire/json_writer.h"

#include <algorithm>
#include <ranges>

namespace ringmaker::serve {
namespace {

/// As its texts, which a category may come as too.
bool comes_as_bytes(const data::Schema& schema, size_t feature) noexcept {
  return schema.takes_texts(feature);
}

void write_inputs(const data::Schema& schema, wire::JsonWriter& json) {
  // Where doubles decide, they should come as such.
  const std::string_view number = schema.narrowing.empty() ? "FP32" : "FP64";
  json.key("inputs").begin_array();
  const auto input = [&](std::string_view name, std::string_view datatype, size_t columns) {
    json.begin_object().member("name", name).member("datatype", datatype);
    json.key("shape").begin_array().value(-1).value(columns).end_array().end_object();
  };
  const auto features = std::views::iota(size_t{0}, schema.feature_count());
  const bool some_bytes = std::ranges::any_of(
      features, [&](size_t feature) { return comes_as_bytes(schema, feature); });
  if (!schema.features_named && !some_bytes) {
    input("rows", number, schema.feature_count());
  } else {
    for (size_t j = 0; j < schema.feature_count(); ++j) {
      input(schema.feature_names[j], comes_as_bytes(schema, j) ? "BYTES" : number, 1);
    }
  }
  json.end_array();
}

void write_outputs(const data::OutputSchema& output, const codec::OutputSelection& outputs,
                   wire::JsonWriter& json) {
  const codec::FieldReader reader(output);
  json.key("outputs").begin_array();
  for (const codec::OutputField field : outputs.fields()) {
    json.begin_object().member("name", name(field));
    json.member("datatype", codec::tensor_datatype(output, field));
    json.key("shape").begin_array().value(-1);
    if (const size_t lists = reader.lists(field); lists > 1) {
      json.value(lists).value(reader.elements(field) / lists);
    } else if (reader.is_list(field)) {
      json.value(reader.elements(field));
    }
    json.end_array();
    const bool of_classes =
        codec::FieldReader::is_class(field) || field == codec::OutputField::kProbabilities ||
        (field == codec::OutputField::kRawScores && output.task != data::Task::kRegression);
    if (of_classes) {
      json.key("parameters").begin_object().key("labels").begin_array();
      for (size_t i = 0; i < reader.labels().count(); ++i) {
        json.raw(reader.labels().json(i));
      }
      json.end_array().end_object();
    }
    json.end_object();
  }
  json.end_array();
}

}  // namespace

std::string model_metadata(std::string_view name, const model::Predictor& predictor,
                           const codec::OutputSelection& outputs) {
  std::string text;
  wire::JsonWriter json(text);
  json.begin_object().member("name", name);
  json.key("versions").begin_array().value(kModelVersion).end_array();
  json.member("platform", "ringmaker_" + std::string(predictor.kind()));
  write_inputs(predictor.schema(), json);
  write_outputs(predictor.output(),
                outputs.empty() ? codec::native_outputs(predictor.output()) : outputs, json);
  json.end_object();
  return text;
}

}  // namespace ringmaker::serve
