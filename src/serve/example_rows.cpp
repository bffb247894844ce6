#include "serve/example_rows.h"

#include "wire/json_writer.h"
#include "wire/number_format.h"

#include <algorithm>
#include <cmath>
#include <ranges>
#include <string_view>

namespace ringmaker::serve {
namespace {

/// The row as people write it: `real`, where it is one of this model and knows the value, or else 0
/// and a text that the model knows.
class Row {
 public:
  Row(const data::Schema& schema, std::span<const float> real) : schema_(schema), real_(real) {}

  /// It is written as text(), else as number().
  [[nodiscard]] bool is_text(size_t feature) const noexcept { return schema_.takes_texts(feature); }
  [[nodiscard]] float number(size_t feature) const noexcept {
    const bool known = real_.size() == schema_.feature_count() && std::isfinite(real_[feature]);
    return known ? real_[feature] : 0;
  }
  [[nodiscard]] std::string_view text(size_t feature) const {
    const auto& texts = schema_.category_names[feature];
    const float code = number(feature);
    if (code >= 0 && code < static_cast<float>(texts.size()) &&
        !texts[static_cast<size_t>(code)].empty()) {
      return texts[static_cast<size_t>(code)];
    }
    const auto found = std::ranges::find_if(texts, [](const auto& text) { return !text.empty(); });
    return found == texts.end() ? std::string_view() : std::string_view(*found);
  }

 private:
  const data::Schema& schema_;
  std::span<const float> real_;
};

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

void write_row(const data::Schema& schema, const Row& row, wire::JsonWriter& json) {
  json.begin_array();
  for (size_t j = 0; j < schema.feature_count(); ++j) {
    if (row.is_text(j)) {
      json.value(row.text(j));
    } else {
      json.value(row.number(j));
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

std::string example_csv(const data::Schema& schema, std::span<const float> real) {
  const Row row(schema, real);
  std::string text;
  for (size_t j = 0; j < schema.feature_count(); ++j) {
    text += j > 0 ? "," : "";
    if (row.is_text(j)) {
      append_quoted(text, row.text(j));
    } else {
      wire::append_number(text, row.number(j));
    }
  }
  return text;
}

std::string example_json_row(const data::Schema& schema, std::span<const float> real) {
  const Row row(schema, real);
  std::string text;
  wire::JsonWriter json(text);
  write_row(schema, row, json);
  return text;
}

std::string example_instances(const data::Schema& schema, std::span<const float> real) {
  const Row row(schema, real);
  std::string text;
  wire::JsonWriter json(text);
  json.begin_object().key("instances").begin_array();
  write_row(schema, row, json);
  json.end_array().end_object();
  return text;
}

std::string example_tensors(const data::Schema& schema, std::span<const float> real) {
  const Row row(schema, real);
  std::string text;
  wire::JsonWriter json(text);
  json.begin_object().key("inputs").begin_array();
  const auto features = std::views::iota(size_t{0}, schema.feature_count());
  if (std::ranges::none_of(features, [&](size_t feature) { return row.is_text(feature); })) {
    write_tensor_head(json, "rows", "FP32", schema.feature_count());
    json.begin_array();
    for (size_t j = 0; j < schema.feature_count(); ++j) {
      json.value(row.number(j));
    }
    json.end_array().end_object();
  } else {
    for (size_t j = 0; j < schema.feature_count(); ++j) {
      const bool is_text = row.is_text(j);
      write_tensor_head(json, schema.feature_names[j], is_text ? "BYTES" : "FP32", 1);
      json.begin_array();
      if (is_text) {
        json.value(row.text(j));
      } else {
        json.value(row.number(j));
      }
      json.end_array().end_object();
    }
  }
  json.end_array().end_object();
  return text;
}

}  // namespace ringmaker::serve
