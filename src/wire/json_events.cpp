#include "wire/json_events.h"

#include "wire/json_number.h"
#include "wire/json_outline.h"
#include "wire/utf8.h"

#include <simdjson.h>

#include <algorithm>
#include <limits>
#include <optional>
#include <span>

namespace ringmaker::wire {

struct JsonEvents::Parser {
  simdjson::ondemand::parser document;
  simdjson::ondemand::parser list;  // one that stands outside the outline
  JsonOutline outline;
};

namespace {

namespace od = simdjson::ondemand;

/// SUCCESS, simdjson's error, or kStop when the handler wants no more.
using Status = simdjson::error_code;
constexpr Status kStop = simdjson::NUM_ERROR_CODES;
constexpr Status kTooDeep = simdjson::DEPTH_ERROR;

std::string_view without_blanks(std::string_view token) {
  // Most tokens have none, which a search for a set of characters would be slow to say.
  const auto is_blank = [](char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; };
  while (!token.empty() && is_blank(token.back())) {
    token.remove_suffix(1);
  }
  return token;
}

/// From so many bytes on numbers are read by our own parser: simdjson 3.0 gets those wrong that
/// have 20 digits or more and begin with "0.".
constexpr size_t kMisreadBytes = 20;

Status told(bool go_on) { return go_on ? simdjson::SUCCESS : kStop; }

simdjson::padded_string_view padded(std::string_view text) {
  return simdjson::padded_string_view(text.data(), text.size(), text.size() + JsonEvents::kPadding);
}

/// Where `document`, which is read from `text`, stands; the end where that is not to be had.
size_t place_in(od::document& document, std::string_view text) {
  const char* place = nullptr;
  return document.current_location().get(place) == simdjson::SUCCESS
             ? static_cast<size_t>(place - text.data())
             : text.size();
}

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

/// What a handler that takes lists is told from.
struct Outlined {
  JsonLists& lists;
  std::string_view document;
  const JsonOutline& outline;
  od::parser& list_parser;
};

/// Walks a document, or its outline; recursion is as deep as the text, up to kDepthMax.
class Walk {
 public:
  explicit Walk(JsonHandler& handler) : handler_(handler) {}
  Walk(JsonHandler& handler, const Outlined& outlined)
      : handler_(handler), outlined_(&outlined), lists_left_(outlined.outline.lists()) {}

  /// What went wrong within a list that the outline does not hold; its byte is of the document.
  [[nodiscard]] const std::optional<JsonResult>& list_failure() const { return list_failure_; }

  // NOLINTNEXTLINE(misc-no-recursion)
  Status value(od::value& value) {
    const std::string_view token = value.raw_json_token();
    switch (token.empty() ? '\0' : token.front()) {
      case '[':
        return array(value, token);
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
  Status array(od::value& value, std::string_view token) {
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
    return outlined_ != nullptr ? array_or_list(array, token) : elements(array);
  }

  // NOLINTNEXTLINE(misc-no-recursion)
  Status array_or_list(od::array& array, std::string_view token) {
    std::string_view list = list_behind(token);
    const bool elsewhere = !list.empty();
    if (outlined_->lists.takes_list()) {
      if (!elsewhere) {
        std::string_view outline;
        if (const Status error = array.raw_json().get(outline)) {
          return error;
        }
        list = in_document(outline);
      }
      if (outlined_->lists.on_list(list)) {
        return end_array();
      }
      if (!elsewhere) {
        if (const Status error = array.reset().error()) {
          return error;
        }
      }
    }
    return elsewhere ? elements_of(list) : elements(array);
  }

  /// The list for which the array whose text begins `token` stands; empty: for itself.
  std::string_view list_behind(std::string_view token) {
    const auto at = static_cast<size_t>(token.data() - outlined_->outline.text().data());
    while (!lists_left_.empty() && lists_left_.front().at < at) {
      lists_left_ = lists_left_.subspan(1);
    }
    return !lists_left_.empty() && lists_left_.front().at == at ? lists_left_.front().list
                                                                : std::string_view();
  }

  [[nodiscard]] std::string_view in_document(std::string_view part) const {
    const auto begin = static_cast<size_t>(part.data() - outlined_->outline.text().data());
    const size_t first = outlined_->outline.place_of(begin);
    const size_t last = outlined_->outline.place_of(begin + part.size() - 1);
    return outlined_->document.substr(first, last + 1 - first);
  }

  // NOLINTNEXTLINE(misc-no-recursion)
  Status elements_of(std::string_view list) {
    const auto failed = [&](JsonResult failure) {
      failure.byte += static_cast<size_t>(list.data() - outlined_->document.data());
      list_failure_ = failure;
    };
    od::document document;
    if (const Status error = outlined_->list_parser.iterate(padded(list)).get(document)) {
      failed(first_stage_error(error, list));
      return error;
    }
    od::array array;
    Status status = document.get_array().get(array);
    if (status == simdjson::SUCCESS) {
      status = elements(array);
    }
    if (status != simdjson::SUCCESS) {
      failed({outcome_of(status), place_in(document, list)});
    }
    return status;
  }

  // NOLINTNEXTLINE(misc-no-recursion)
  Status elements(od::array& array) {
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
    return end_array();
  }

  Status end_array() {
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
    Status error = simdjson::NUMBER_ERROR;
    if (token.size() < kMisreadBytes) {
      error = value.get_double().get(number);
      if (error == simdjson::SUCCESS) {
        return told(handler_.on_number(number, token));
      }
    }
    // A value that nobody has taken is stepped over.
    if (const auto read = parse_json_number(token)) {
      return told(handler_.on_number(*read, token));
    }
    if (token == "NaN") {
      return told(handler_.on_number(std::numeric_limits<double>::quiet_NaN(), token));
    }
    constexpr double kInfinity = std::numeric_limits<double>::infinity();
    if (token == "Infinity" || token == "-Infinity") {
      return told(handler_.on_number(token.starts_with('-') ? -kInfinity : kInfinity, token));
    }
    return error;
  }

  JsonHandler& handler_;
  const Outlined* outlined_ = nullptr;
  std::span<const JsonOutline::List> lists_left_;  // from the one that comes next on
  std::optional<JsonResult> list_failure_;
  size_t depth_ = 0;
};

/// Tells all of `text`; the byte of what is wrong is of `text`.
JsonResult tell(od::parser& parser, std::string_view text, Walk& walk) {
  od::document document;
  if (const Status error = parser.iterate(padded(text)).get(document)) {
    return first_stage_error(error, text);
  }
  od::value root;
  Status status = document.get_value().get(root);
  if (status == simdjson::SUCCESS) {
    status = walk.value(root);
  }
  const char* place = nullptr;
  if (status == simdjson::SUCCESS && document.current_location().get(place) != simdjson::SUCCESS) {
    return {};
  }
  return {outcome_of(status), place_in(document, text)};
}

}  // namespace

JsonEvents::JsonEvents() : parser_(std::make_unique<Parser>()) {}
JsonEvents::~JsonEvents() = default;

JsonResult JsonEvents::parse(std::string_view text, JsonHandler& handler) {
  Walk walk(handler);
  return tell(parser_->document, text, walk);
}

JsonResult JsonEvents::parse(std::string_view text, JsonHandler& handler, JsonLists& lists) {
  JsonOutline& outline = parser_->outline;
  outline.draw(text, kPadding);
  const Outlined outlined{lists, text, outline, parser_->list};
  Walk walk(handler, outlined);
  JsonResult result = tell(parser_->document, outline.text(), walk);
  result.byte = outline.place_of(result.byte);
  return walk.list_failure().value_or(result);
}

}  // namespace ringmaker::wire
