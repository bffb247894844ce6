// JsonWriter, UbjsonWriter: a document of objects and arrays, in either notation.
#pragma once

#include <fmt/core.h>

#include <bit>
#include <cstdint>
#include <iterator>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace ringmaker::bench {

class JsonWriter {
 public:
  void begin_object() { begin('{'); }
  void end_object() { end('}'); }
  void begin_array() { begin('['); }
  void end_array() { end(']'); }
  void key(std::string_view name) {
    separate();
    fmt::format_to(std::back_inserter(text_), "\"{}\":", name);
    first_ = true;
  }
  void string(std::string_view name, std::string_view value) {
    key(name);
    fmt::format_to(std::back_inserter(text_), "\"{}\"", value);
    first_ = false;
  }
  void integer(std::string_view name, int64_t value) {
    key(name);
    fmt::format_to(std::back_inserter(text_), "{}", value);
    first_ = false;
  }
  template <class Number>
  void array(std::string_view name, const std::vector<Number>& values) {
    key(name);
    text_ += '[';
    for (size_t i = 0; i < values.size(); ++i) {
      text_ += i == 0 ? "" : ",";
      number(values[i]);
    }
    text_ += ']';
    first_ = false;
  }
  /// Numbers of any size.
  void list(std::string_view name, const std::vector<int64_t>& values) { array(name, values); }
  [[nodiscard]] std::string take() { return std::move(text_); }

 private:
  template <class Number>
  void number(Number value) {
    std::string digits = fmt::format("{}", value);
    // As XGBoost writes floats, and reads them not as integers: 1E0, 2.5E-5.
    if (std::is_same_v<Number, float>) {
      const size_t exponent = digits.find('e');
      if (exponent == std::string::npos) {
        digits += "E0";
      } else {
        digits = fmt::format("{}E{}", digits.substr(0, exponent),
                             std::stoi(digits.substr(exponent + 1)));
      }
    }
    text_ += digits;
  }
  void separate() {
    if (!first_) {
      text_ += ',';
    }
    first_ = false;
  }
  void begin(char bracket) {
    separate();
    text_ += bracket;
    first_ = true;
  }
  void end(char bracket) {
    text_ += bracket;
    first_ = false;
  }

  std::string text_;
  bool first_ = true;  // nothing stands before what comes next that a comma must part it from
};

class UbjsonWriter {
 public:
  void begin_object() { bytes_ += '{'; }
  void end_object() { bytes_ += '}'; }
  void begin_array() { bytes_ += '['; }
  void end_array() { bytes_ += ']'; }
  void key(std::string_view name) {
    bytes_ += 'L';
    number(static_cast<int64_t>(name.size()));
    bytes_ += name;
  }
  void string(std::string_view name, std::string_view value) {
    key(name);
    bytes_ += 'S';
    key(value);
  }
  void integer(std::string_view name, int64_t value) {
    key(name);
    bytes_ += 'L';
    number(value);
  }
  template <class Number>
  void array(std::string_view name, const std::vector<Number>& values) {
    key(name);
    bytes_ += "[$";
    bytes_ += std::is_same_v<Number, float>     ? 'd'
              : std::is_same_v<Number, uint8_t> ? 'U'
              : std::is_same_v<Number, int64_t> ? 'L'
                                                : 'l';
    bytes_ += "#L";
    number(static_cast<int64_t>(values.size()));
    for (const Number value : values) {
      number(value);
    }
  }
  /// Numbers of any size, each with its type.
  void list(std::string_view name, const std::vector<int64_t>& values) {
    key(name);
    begin_array();
    for (const int64_t value : values) {
      bytes_ += 'L';
      number(value);
    }
    end_array();
  }
  [[nodiscard]] std::string take() { return std::move(bytes_); }

 private:
  /// Big-endian.
  template <class Number>
  void number(Number value) {
    if constexpr (std::is_same_v<Number, float>) {
      number(std::bit_cast<int32_t>(value));
    } else {
      for (size_t i = sizeof(Number); i-- > 0;) {
        bytes_ += static_cast<char>(static_cast<uint64_t>(value) >> (8 * i) & 0xFF);
      }
    }
  }

  std::string bytes_;
};

}  // namespace ringmaker::bench
