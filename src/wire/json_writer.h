// JsonWriter: appends one JSON document to a string, compact for machines or indented for people.
//
// Commas, colons and indentation are its business; the caller says what comes. Strings that are
// not UTF-8 are written with U+FFFD in place of what is not; numbers that are not finite as null.
#pragma once

#include "wire/number_format.h"

#include <cmath>
#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace ringmaker::wire {

/// Appends `text` quoted and escaped.
void append_json_string(std::string& out, std::string_view text);

/// Appends the number, or null where JSON has none like it.
template <std::floating_point Float>
void append_json_number(std::string& out, Float number) {
  if (std::isfinite(number)) {
    append_number(out, number);
  } else {
    out += "null";
  }
}

/// Not thread-safe. `out` must outlive the writer.
class JsonWriter {
 public:
  enum class Layout : bool { kCompact, kPretty };

  explicit JsonWriter(std::string& out, Layout layout = Layout::kCompact) noexcept
      : out_(out), pretty_(layout == Layout::kPretty) {}

  JsonWriter& begin_object() { return open('{'); }
  JsonWriter& end_object() { return close('}'); }
  /// With `on_one_line` the array stays on one line in pretty layout: for short lists of numbers.
  JsonWriter& begin_array(bool on_one_line = false) { return open('[', on_one_line); }
  JsonWriter& end_array() { return close(']'); }

  /// Inside an object, before each value.
  JsonWriter& key(std::string_view name);

  JsonWriter& value(std::string_view text);
  JsonWriter& value(const char* text) { return value(std::string_view(text)); }
  JsonWriter& value(std::same_as<bool> auto truth) { return raw(truth ? "true" : "false"); }
  JsonWriter& value(std::floating_point auto number) {
    before_value();
    append_json_number(out_, number);
    return *this;
  }
  template <std::integral Integer>
    requires(!std::same_as<Integer, bool>)
  JsonWriter& value(Integer number) {
    before_value();
    if constexpr (std::is_signed_v<Integer>) {
      append_number(out_, static_cast<int64_t>(number));
    } else {
      append_number(out_, static_cast<uint64_t>(number));
    }
    return *this;
  }
  JsonWriter& null() { return raw("null"); }
  /// `json` is a JSON value already.
  JsonWriter& raw(std::string_view json);

  /// key() and value() in one.
  template <class Value>
  JsonWriter& member(std::string_view name, Value&& what) {
    key(name);
    return value(std::forward<Value>(what));
  }

 private:
  struct Level {
    bool empty = true;
    bool on_one_line = false;
  };

  JsonWriter& open(char bracket, bool on_one_line = false);
  JsonWriter& close(char bracket);
  void before_value();
  void separate();
  void new_line();

  std::string& out_;
  std::vector<Level> levels_;
  bool pretty_;
  bool after_key_ = false;
};

}  // namespace ringmaker::wire
