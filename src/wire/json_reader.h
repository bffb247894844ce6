// JsonValue: a JSON document as a tree, for configuration files and headers of artifacts.
//
// The cold-path reader: every value owns its text and knows its path ("channels.train[2].uri"), so
// that an error can say where it is. Payloads of requests are never read this way.
#pragma once

#include "base/result.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ringmaker::wire {

struct JsonOptions {
  /// Accept one comma before a closing bracket, which people leave behind when editing.
  bool trailing_commas = false;
};

class JsonValue {
 public:
  enum class Kind : uint8_t { kNull, kBool, kNumber, kString, kArray, kObject };
  static constexpr size_t kDepthMax = 64;

  /// The whole text as one document. Errors tell line, column and byte. Keys that occur twice in
  /// one object are an error. A byte order mark, which some editors put first, is skipped.
  [[nodiscard]] static base::Result<JsonValue> parse(std::string_view text,
                                                     JsonOptions options = {});

  [[nodiscard]] Kind kind() const noexcept { return kind_; }
  [[nodiscard]] bool is_null() const noexcept { return kind_ == Kind::kNull; }
  [[nodiscard]] bool is_string() const noexcept { return kind_ == Kind::kString; }
  [[nodiscard]] bool is_array() const noexcept { return kind_ == Kind::kArray; }
  [[nodiscard]] bool is_object() const noexcept { return kind_ == Kind::kObject; }
  /// "" for the document itself.
  [[nodiscard]] const std::string& path() const noexcept { return path_; }
  /// The key under which an object holds this value; "" elsewhere.
  [[nodiscard]] const std::string& key() const noexcept { return key_; }

  // Each fails with the path and what was met when the value is of another kind or does not fit.
  [[nodiscard]] base::Result<bool> as_bool() const;
  [[nodiscard]] base::Result<double> as_double() const;
  [[nodiscard]] base::Result<int64_t> as_int64() const;
  [[nodiscard]] base::Result<uint64_t> as_uint64() const;
  [[nodiscard]] base::Result<std::string_view> as_string() const;
  [[nodiscard]] base::Result<std::span<const JsonValue>> as_array() const;
  /// The members in file order; each knows its key().
  [[nodiscard]] base::Result<std::span<const JsonValue>> as_object() const;

  /// The member called `key`; null when there is none or this is no object.
  [[nodiscard]] const JsonValue* find(std::string_view key) const noexcept;
  /// The same, but its absence is an error.
  [[nodiscard]] base::Result<const JsonValue*> require(std::string_view key) const;

  /// A scalar as written: a string's content, a number's digits, "true", "null"; "" for the others.
  [[nodiscard]] const std::string& text() const noexcept { return text_; }
  /// An error about this value: `what` after its path.
  [[nodiscard]] base::Error error(std::string_view what) const;

 private:
  friend class JsonTreeBuilder;

  [[nodiscard]] base::Error expected(std::string_view what) const;

  Kind kind_ = Kind::kNull;
  std::string path_;
  std::string key_;
  std::string text_;
  std::vector<JsonValue> children_;
};

[[nodiscard]] std::string_view name(JsonValue::Kind kind) noexcept;

}  // namespace ringmaker::wire
