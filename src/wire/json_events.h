// JsonEvents: a JSON text as a run of events, for payloads that become rows without a tree between.
//
// simdjson (on demand) finds and checks the grammar; a handler is told what comes. NaN, Infinity
// and -Infinity, which Python writes, are numbers here.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

namespace ringmaker::wire {

/// Told in document order. Each call answers whether to go on.
class JsonHandler {
 public:
  virtual ~JsonHandler() = default;

  virtual bool on_begin_array() = 0;
  virtual bool on_end_array() = 0;
  virtual bool on_begin_object() = 0;
  virtual bool on_end_object() = 0;
  /// Views live until the handler returns.
  virtual bool on_key(std::string_view key) = 0;
  /// `token` is the number as written. Too large for a double: infinity.
  virtual bool on_number(double value, std::string_view token) = 0;
  virtual bool on_string(std::string_view text) = 0;
  virtual bool on_bool(bool truth) = 0;
  virtual bool on_null() = 0;
};

/// Takes whole arrays as their text, for lists too long to be told number by number.
class JsonLists {
 public:
  virtual ~JsonLists() = default;

  /// Asked when the handler has been told that an array begins.
  virtual bool takes_list() = 0;
  /// `list` is the array, brackets and all, which is not read otherwise, so that nobody else says
  /// whether it is JSON. False: the elements are told one by one after all, as if nothing had been
  /// asked.
  virtual bool on_list(std::string_view list) = 0;
};

enum class JsonOutcome : uint8_t { kComplete, kStopped, kSyntaxError, kInvalidUtf8, kTooDeep };

struct JsonResult {
  JsonOutcome outcome = JsonOutcome::kComplete;
  size_t byte = 0;  // where in the text, for the errors
};

/// Keeps its memory between texts. Not thread-safe.
class JsonEvents {
 public:
  /// Bytes behind a text that must be readable.
  static constexpr size_t kPadding = 64;

  JsonEvents();
  ~JsonEvents();
  JsonEvents(const JsonEvents&) = delete;
  JsonEvents& operator=(const JsonEvents&) = delete;

  /// Arrays and objects inside each other, the outermost included.
  static constexpr size_t kDepthMax = 65;

  /// `text` is an array or object, with kPadding bytes of any content behind it. Events may be told
  /// before an error is found.
  JsonResult parse(std::string_view text, JsonHandler& handler);
  /// The same with a taker of lists, for long texts: what they take is never looked at twice.
  JsonResult parse(std::string_view text, JsonHandler& handler, JsonLists& lists);

 private:
  struct Parser;
  std::unique_ptr<Parser> parser_;
};

}  // namespace ringmaker::wire
