#include "serve/example_rows.h"

#include "wire/json_writer.h"

#include <algorithm>
#include <optional>
#include <string_view>

namespace ringmaker::serve {
namespace {

constexpr int64_t kNumber = 0;

/// One that the model knows, or else the empty one.
std::string_view known_text(const data::Schema& schema, size_t feature) {
  const auto& texts = schema.category_names[feature];
  const auto found = std::ranges::find_if(texts, [](const auto& text) { return !text.empty(); });
  return found == texts.end() ? std::string_view() : std::string_view(*found);
}

bool has_categories(const data::Schema& schema, size_t feature) {
  return feature < schema.category_names.size() && !schema.category_names[feature].empty();
}

void append_quoted(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    out += c;
    if (c == '"') {
      out += c;
    }
  }
  out += '"';
}

/// In JSON categories come as their codes, and texts as texts.
void write_row(const data::Schema& schema, wire::JsonWriter& json) {
  json.begin_array();
  for (size_t j = 0; j < schema.feature_count(); ++j) {
    if (schema.is_text(j)) {
      json.value(known_text(schema, j));
    } else {
      json.value(kNumber);
    }
  }
  json.end_array();
}

void write_tensor_head(wire::JsonWriter& json, std::string_view name, std::string_view datatype,
                       size_t columns) {
  json.begin_object().member("name", name).member("datatype", datatype);
  json.key("shape").begin_array().value(1).value(columns).end_array().key("data");
}

}  // namespace

std::string example_csv(const data::Schema& schema) {
  std::string text;
  for (size_t j = 0; j < schema.feature_count(); ++j) {
    text += j > 0 ? "," : "";
    if (schema.is_text(j) || has_categories(schema, j)) {
      append_quoted(text, known_text(schema, j));
    } else {
      text += std::to_string(kNumber);
    }
  }
  return text;
}

std::string example_json_row(const data::Schema& schema) {
  std::string text;
  wire::JsonWriter json(text);
  write_row(schema, json);
  return text;
}

std::string example_instances(const data::Schema& schema) {
  std::string text;
  wire::JsonWriter json(text);
  json.begin_object().key("instances").begin_array();
  write_row(schema, json);
  json.end_array().end_object();
  return text;
}

std::string example_tensors(const data::Schema& schema) {
  std::string text;
  wire::JsonWriter json(text);
  json.begin_object().key("inputs").begin_array();
  if (std::ranges::find(schema.text_features, true) == schema.text_features.end()) {
    write_tensor_head(json, "rows", "FP32", schema.feature_count());
    write_row(schema, json);
    json.end_object();
  } else {
    for (size_t j = 0; j < schema.feature_count(); ++j) {
      const bool is_text = schema.is_text(j);
      write_tensor_head(json, schema.feature_names[j], is_text ? "BYTES" : "FP32", 1);
      json.begin_array();
      if (is_text) {
        json.value(known_text(schema, j));
      } else {
        json.value(kNumber);
      }
      json.end_array().end_object();
    }
  }
  json.end_array().end_object();
  return text;
}

}  // namespace ringmaker::serve
