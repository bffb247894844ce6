#include "wire/json_reader.h"

#include "base/check.h"
#include "wire/utf8.h"

#include <simdjson.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <unordered_set>

namespace ringmaker::wire {
namespace {

using base::ErrorCode;

/// Blanks every comma that only white space separates from a closing bracket. Offsets stay.
void drop_trailing_commas(std::string& text) {
  bool quoted = false;
  std::optional<size_t> comma;
  char previous = '[';
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted) {
      if (c == '\\') {
        ++i;
      }
      quoted = c != '"';
      continue;
    }
    if (c == ' ' || c == '\n' || c == '\r' || c == '\t') {
      continue;
    }
    if ((c == ']' || c == '}') && comma) {
      text[*comma] = ' ';
    }
    const bool after_value = previous != '[' && previous != '{' && previous != ',';
    comma = c == ',' && after_value ? std::optional(i) : std::nullopt;
    quoted = c == '"';
    previous = c;
  }
}

base::Error syntax_error(std::string_view text, size_t byte, std::string_view what) {
  const std::string_view before = text.substr(0, std::min(byte, text.size()));
  const auto lines = std::count(before.begin(), before.end(), '\n');
  const size_t newline = before.rfind('\n');
  const size_t column = before.size() - (newline == std::string_view::npos ? 0 : newline + 1);
  std::string message = "line " + std::to_string(lines + 1) + ", column " +
                        std::to_string(column + 1) + " (byte " + std::to_string(before.size()) +
                        "): " + std::string(what);
  return {ErrorCode::kInvalidInput, std::move(message)};
}

template <class Number>
std::optional<Number> read_all(std::string_view text) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) {
    return std::nullopt;
  }
  return number;
}

}  // namespace

/// Walks simdjson's on-demand document once and copies it. simdjson checks the grammar.
class JsonTreeBuilder {
 public:
  explicit JsonTreeBuilder(std::string text) : text_(std::move(text)) {}

  base::Result<JsonValue> build() {
    // All errors of this library are values; only memory exhaustion throws.
    const simdjson::padded_string padded(text_);
    simdjson::ondemand::document document;
    if (const auto error = parser_.iterate(padded).get(document)) {
      return fail(document_error(error));
    }
    JsonValue root;
    auto error = build_document(document, root);
    if (error == simdjson::SUCCESS && document.current_location().error() == simdjson::SUCCESS) {
      error = simdjson::TRAILING_CONTENT;  // a place in the text is left to read
    }
    if (error != simdjson::SUCCESS) {
      const char* place = nullptr;
      const bool placed = document.current_location().get(place) == simdjson::SUCCESS;
      const size_t byte = placed ? static_cast<size_t>(place - padded.data()) : text_.size();
      return fail(syntax_error(text_, byte, describe(error)));
    }
    return root;
  }

 private:
  using Error = simdjson::error_code;
  using Kind = JsonValue::Kind;

  base::Error document_error(Error error) const {
    const size_t byte = error == simdjson::UTF8_ERROR ? utf8_valid_prefix(text_)
                        : error == simdjson::EMPTY    ? 0
                                                      : text_.size();
    return syntax_error(text_, byte, describe(error));
  }

  std::string describe(Error error) const {
    switch (error) {
      case simdjson::EMPTY:
        return "the document is empty";
      case simdjson::UTF8_ERROR:
        return "the text is not UTF-8";
      case simdjson::UNCLOSED_STRING:
        return "a string is not closed";
      case simdjson::UNESCAPED_CHARS:
        return "a string holds a control character that is not escaped";
      case simdjson::DEPTH_ERROR:
        return "nested more than " + std::to_string(JsonValue::kDepthMax) + " levels deep";
      case simdjson::INCOMPLETE_ARRAY_OR_OBJECT:
        return "the document ends early";
      case simdjson::TRAILING_CONTENT:
        return "text after the end of the document";
      case simdjson::NUM_ERROR_CODES:
        return "the key \"" + printable(repeated_key_) + "\" occurs twice";
      default:
        return "not valid JSON";
    }
  }

  Error build_document(simdjson::ondemand::document& document, JsonValue& out) {
    simdjson::ondemand::json_type type{};
    if (const auto error = document.type().get(type)) {
      return error;
    }
    if (type == simdjson::ondemand::json_type::array ||
        type == simdjson::ondemand::json_type::object) {
      simdjson::ondemand::value value;
      if (const auto error = document.get_value().get(value)) {
        return error;
      }
      return build_value(value, out, 1);
    }
    return build_scalar(document, type, out);
  }

  // NOLINTNEXTLINE(misc-no-recursion): the depth is bounded.
  Error build_value(simdjson::ondemand::value value, JsonValue& out, size_t depth) {
    simdjson::ondemand::json_type type{};
    if (const auto error = value.type().get(type)) {
      return error;
    }
    const bool array = type == simdjson::ondemand::json_type::array;
    if (!array && type != simdjson::ondemand::json_type::object) {
      return build_scalar(value, type, out);
    }
    if (depth > JsonValue::kDepthMax) {
      return simdjson::DEPTH_ERROR;
    }
    return array ? build_array(value, out, depth) : build_object(value, out, depth);
  }

  // NOLINTNEXTLINE(misc-no-recursion)
  Error build_array(simdjson::ondemand::value value, JsonValue& out, size_t depth) {
    out.kind_ = Kind::kArray;
    simdjson::ondemand::array array;
    if (const auto error = value.get_array().get(array)) {
      return error;
    }
    for (auto element : array) {
      simdjson::ondemand::value inner;
      if (const auto error = element.get(inner)) {
        return error;
      }
      JsonValue child;
      child.path_ = out.path_ + '[' + std::to_string(out.children_.size()) + ']';
      if (const auto error = build_value(inner, child, depth + 1)) {
        return error;
      }
      out.children_.push_back(std::move(child));
    }
    return simdjson::SUCCESS;
  }

  // NOLINTNEXTLINE(misc-no-recursion)
  Error build_object(simdjson::ondemand::value value, JsonValue& out, size_t depth) {
    out.kind_ = Kind::kObject;
    simdjson::ondemand::object object;
    if (const auto error = value.get_object().get(object)) {
      return error;
    }
    std::unordered_set<std::string> keys;
    for (auto field : object) {
      std::string_view key;
      simdjson::ondemand::value inner;
      if (const auto error = field.unescaped_key().get(key)) {
        return error;
      }
      if (const auto error = field.value().get(inner)) {
        return error;
      }
      JsonValue child;
      child.key_ = key;
      child.path_ = out.path_.empty() ? child.key_ : out.path_ + '.' + child.key_;
      if (!keys.insert(child.key_).second) {
        repeated_key_ = child.key_;
        return simdjson::NUM_ERROR_CODES;
      }
      if (const auto error = build_value(inner, child, depth + 1)) {
        return error;
      }
      out.children_.push_back(std::move(child));
    }
    return simdjson::SUCCESS;
  }

  template <class Value>
  Error build_scalar(Value& value, simdjson::ondemand::json_type type, JsonValue& out) {
    using simdjson::ondemand::json_type;
    switch (type) {
      case json_type::string: {
        out.kind_ = Kind::kString;
        std::string_view text;
        const Error error = value.get_string().get(text);
        out.text_ = text;
        return error;
      }
      case json_type::boolean: {
        out.kind_ = Kind::kBool;
        bool truth = false;
        const Error error = value.get_bool().get(truth);
        out.text_ = truth ? "true" : "false";
        return error;
      }
      case json_type::number: {
        // The digits are kept, so that no integer loses precision; get_double checks the grammar.
        out.kind_ = Kind::kNumber;
        std::string_view token = raw_token(value);
        out.text_ = token.substr(0, token.find_last_not_of(" \t\r\n") + 1);
        double number = 0;
        return value.get_double().get(number);
      }
      default: {
        out.text_ = "null";
        bool null = false;
        const Error error = simdjson::simdjson_result<bool>(value.is_null()).get(null);
        return error == simdjson::SUCCESS && !null ? simdjson::N_ATOM_ERROR : error;
      }
    }
  }

  static std::string_view raw_token(simdjson::ondemand::value& value) {
    return value.raw_json_token();
  }
  static std::string_view raw_token(simdjson::ondemand::document& document) {
    std::string_view token;
    return document.raw_json_token().get(token) == simdjson::SUCCESS ? token : std::string_view();
  }

  static tl::unexpected<base::Error> fail(base::Error error) {
    return base::fail(std::move(error));
  }

  std::string text_;
  std::string repeated_key_;
  simdjson::ondemand::parser parser_;
};

base::Result<JsonValue> JsonValue::parse(std::string_view text, JsonOptions options) {
  if (text.starts_with(kByteOrderMark)) {
    text.remove_prefix(kByteOrderMark.size());
  }
  std::string copy(text);
  if (options.trailing_commas) {
    drop_trailing_commas(copy);
  }
  return JsonTreeBuilder(std::move(copy)).build();
}

base::Result<bool> JsonValue::as_bool() const {
  if (kind_ != Kind::kBool) {
    return base::fail(expected("true or false"));
  }
  return text_ == "true";
}

base::Result<double> JsonValue::as_double() const {
  const auto number = kind_ == Kind::kNumber ? read_all<double>(text_) : std::nullopt;
  if (!number) {
    return base::fail(expected("a number"));
  }
  return *number;
}

base::Result<int64_t> JsonValue::as_int64() const {
  const auto number = kind_ == Kind::kNumber ? read_all<int64_t>(text_) : std::nullopt;
  if (!number) {
    return base::fail(expected("a whole number"));
  }
  return *number;
}

base::Result<uint64_t> JsonValue::as_uint64() const {
  const auto number = kind_ == Kind::kNumber ? read_all<uint64_t>(text_) : std::nullopt;
  if (!number) {
    return base::fail(expected("a whole number, 0 or more"));
  }
  return *number;
}

base::Result<std::string_view> JsonValue::as_string() const {
  if (kind_ != Kind::kString) {
    return base::fail(expected("a string"));
  }
  return std::string_view(text_);
}

base::Result<std::span<const JsonValue>> JsonValue::as_array() const {
  if (kind_ != Kind::kArray) {
    return base::fail(expected("an array"));
  }
  return std::span<const JsonValue>(children_);
}

base::Result<std::span<const JsonValue>> JsonValue::as_object() const {
  if (kind_ != Kind::kObject) {
    return base::fail(expected("an object"));
  }
  return std::span<const JsonValue>(children_);
}

const JsonValue* JsonValue::find(std::string_view key) const noexcept {
  if (kind_ != Kind::kObject) {
    return nullptr;
  }
  const auto found = std::find_if(children_.begin(), children_.end(),
                                  [&](const JsonValue& child) { return child.key_ == key; });
  return found == children_.end() ? nullptr : &*found;
}

base::Result<const JsonValue*> JsonValue::require(std::string_view key) const {
  RM_TRY(as_object());
  const JsonValue* found = find(key);
  if (found == nullptr) {
    return base::fail(error("has no \"" + printable(key) + "\""));
  }
  return found;
}

base::Error JsonValue::error(std::string_view what) const {
  std::string message = path_.empty() ? "the document" : '"' + printable(path_, 120) + '"';
  message += ' ';
  message += what;
  return {ErrorCode::kInvalidInput, std::move(message)};
}

base::Error JsonValue::expected(std::string_view what) const {
  std::string message = "should be " + std::string(what) + ", but is ";
  if (kind_ == Kind::kString) {
    message += "the string \"" + printable(text_) + '"';
  } else if (kind_ == Kind::kArray || kind_ == Kind::kObject) {
    message += name(kind_);
  } else {
    message += printable(text_);
  }
  return error(message);
}

std::string_view name(JsonValue::Kind kind) noexcept {
  switch (kind) {
    case JsonValue::Kind::kNull:
      return "null";
    case JsonValue::Kind::kBool:
      return "a truth value";
    case JsonValue::Kind::kNumber:
      return "a number";
    case JsonValue::Kind::kString:
      return "a string";
    case JsonValue::Kind::kArray:
      return "an array";
    case JsonValue::Kind::kObject:
      return "an object";
  }
  RM_UNREACHABLE();
}

}  // namespace ringmaker::wire
