#include "wire/json_events.h"

#include "wire/utf8.h"

#include <simdjson.h>

#include <algorithm>
#include <limits>

namespace ringmaker::wire {

struct JsonEvents::Parser {
  simdjson::ondemand::parser ondemand;
};

namespace {

namespace od = simdjson::ondemand;

/// SUCCESS, simdjson's error, or kStop when the handler wants no more.
using Status = simdjson::error_code;
constexpr Status kStop = simdjson::NUM_ERROR_CODES;
constexpr Status kTooDeep = simdjson::DEPTH_ERROR;

std::string_view without_blanks(std::string_view token) {
  // Most tokens have none, which a search for a set of characters would be slow to say.
  while (!token.empty() && static_cast<unsigned char>(token.back()) <= ' ') {
    token.remove_suffix(1);
  }
  return token;
}

/// Takes digits off the front; false: there is none.
bool skip_digits(std::string_view& text) {
  const size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
  text.remove_prefix(digits);
  return digits > 0;
}

/// JSON's grammar of numbers, however long and large.
bool is_number(std::string_view text) {
  if (text.starts_with('-')) {
    text.remove_prefix(1);
  }
  if (text.starts_with('0')) {
    text.remove_prefix(1);
  } else if (!skip_digits(text)) {
    return false;
  }
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    if (!skip_digits(text)) {
      return false;
    }
  }
  if (text.starts_with('e') || text.starts_with('E')) {
    text.remove_prefix(1);
    if (text.starts_with('-') || text.starts_with('+')) {
      text.remove_prefix(1);
    }
    return skip_digits(text) && text.empty();
  }
  return text.empty();
}

Status told(bool go_on) { return go_on ? simdjson::SUCCESS : kStop; }

/// Walks the document; recursion is as deep as the text, up to kDepthMax.
class Walk {
 public:
  Walk(JsonHandler& handler, JsonLists* lists) : handler_(handler), lists_(lists) {}

  // NOLINTNEXTLINE(misc-no-recursion)
  Status value(od::value& value) {
    const std::string_view token = value.raw_json_token();
    switch (token.empty() ? '\0' : token.front()) {
      case '[':
        return array(value);
      case '{':
        return object(value);
      case '"': {
        std::string_view text;
        const Status error = value.get_string().get(text);
        return error != simdjson::SUCCESS ? error : told(handler_.on_string(text));
      }
      case 't':
      case 'f': {
        bool truth = false;
        const Status error = value.get_bool().get(truth);
        return error != simdjson::SUCCESS ? error : told(handler_.on_bool(truth));
      }
      case 'n': {
        bool null = false;
        const Status error = value.is_null().get(null);
        return error != simdjson::SUCCESS || !null ? simdjson::N_ATOM_ERROR
                                                   : told(handler_.on_null());
      }
      default:
        return number(value, without_blanks(token));
    }
  }

 private:
  // NOLINTNEXTLINE(misc-no-recursion)
  Status array(od::value& value) {
    od::array array;
    if (const Status error = value.get_array().get(array)) {
      return error;
    }
    if (++depth_ > JsonEvents::kDepthMax) {
      return kTooDeep;
    }
    if (!handler_.on_begin_array()) {
      return kStop;
    }
    if (lists_ != nullptr && lists_->takes_list()) {
      std::string_view list;
      if (const Status error = array.raw_json().get(list)) {
        return error;
      }
      if (lists_->on_list(list)) {
        --depth_;
        return told(handler_.on_end_array());
      }
      if (const Status error = array.reset().error()) {
        return error;
      }
    }
    for (auto element : array) {
      if (element.error() != simdjson::SUCCESS) {
        return element.error();
      }
      // In place: a copy is read back wider than it was just written, which stalls the processor.
      // NOLINTNEXTLINE(performance-move-const-arg): it chooses the overload that refers.
      od::value&& inner = std::move(element).value_unsafe();
      if (const Status error = this->value(inner)) {
        return error;
      }
    }
    --depth_;
    return told(handler_.on_end_array());
  }

  // NOLINTNEXTLINE(misc-no-recursion)
  Status object(od::value& value) {
    od::object object;
    if (const Status error = value.get_object().get(object)) {
      return error;
    }
    if (++depth_ > JsonEvents::kDepthMax) {
      return kTooDeep;
    }
    if (!handler_.on_begin_object()) {
      return kStop;
    }
    for (auto field : object) {
      std::string_view key;
      if (const Status error = field.unescaped_key().get(key)) {
        return error;
      }
      if (!handler_.on_key(key)) {
        return kStop;
      }
      od::value inner;
      Status error = field.value().get(inner);
      if (error == simdjson::SUCCESS) {
        error = this->value(inner);
      }
      if (error != simdjson::SUCCESS) {
        return error;
      }
    }
    --depth_;
    return told(handler_.on_end_object());
  }

  Status number(od::value& value, std::string_view token) {
    double number = 0;
    const Status error = value.get_double().get(number);
    if (error == simdjson::SUCCESS) {
      return told(handler_.on_number(number, token));
    }
    if (token == "NaN") {
      return told(handler_.on_number(std::numeric_limits<double>::quiet_NaN(), token));
    }
    constexpr double kInfinity = std::numeric_limits<double>::infinity();
    const double infinity = token.starts_with('-') ? -kInfinity : kInfinity;
    // What the parser refuses although it is a number is too large for a double.
    if (token == "Infinity" || token == "-Infinity" || is_number(token)) {
      return told(handler_.on_number(infinity, token));
    }
    return error;
  }

  JsonHandler& handler_;
  JsonLists* lists_;
  size_t depth_ = 0;
};

JsonOutcome outcome_of(Status status) {
  switch (status) {
    case kStop:
      return JsonOutcome::kStopped;
    case kTooDeep:
      return JsonOutcome::kTooDeep;
    default:
      return JsonOutcome::kSyntaxError;
  }
}

/// Errors of the first stage, which looks at the whole text, come without a place.
JsonResult first_stage_error(Status error, std::string_view text) {
  if (error == simdjson::UTF8_ERROR) {
    return {JsonOutcome::kInvalidUtf8, utf8_valid_prefix(text)};
  }
  bool quoted = false;
  size_t at = 0;
  for (; at < text.size(); ++at) {
    if (quoted && static_cast<unsigned char>(text[at]) < 0x20) {
      break;  // a control character inside a string
    }
    if (quoted && text[at] == '\\') {
      ++at;
    } else if (text[at] == '"') {
      quoted = !quoted;
    }
  }
  return {JsonOutcome::kSyntaxError, std::min(at, text.size())};
}

}  // namespace

JsonEvents::JsonEvents() : parser_(std::make_unique<Parser>()) {}
JsonEvents::~JsonEvents() = default;

JsonResult JsonEvents::parse(std::string_view text, JsonHandler& handler, JsonLists* lists) {
  od::document document;
  const simdjson::padded_string_view padded(text.data(), text.size(), text.size() + kPadding);
  if (const Status error = parser_->ondemand.iterate(padded).get(document)) {
    return first_stage_error(error, text);
  }
  od::value root;
  Status status = document.get_value().get(root);
  if (status == simdjson::SUCCESS) {
    status = Walk(handler, lists).value(root);
  }
  const char* place = nullptr;
  const bool placed = document.current_location().get(place) == simdjson::SUCCESS;
  if (status == simdjson::SUCCESS && !placed) {
    return {};
  }
  const size_t byte = placed ? static_cast<size_t>(place - text.data()) : text.size();
  return {outcome_of(status), byte};
}

}  // namespace ringmaker::wire
