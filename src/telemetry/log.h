// Log: one line an event on standard error, for people on a terminal or as JSON for collectors.
//
// Logging never blocks and never ends anything: lines go through a bounded queue to a thread of
// the log's own; when the queue is full or the descriptor cannot take them, lines are dropped and
// counted. A reader that stands still costs a second once, at the end too. Where the system gives
// no thread, that is the first line, and each line is written by who logs it.
//
// Warnings and errors that repeat within a second are counted and written once, behind that second:
// "... 418 more like this: ...". Equal are lines that differ in their request_id alone; the first
// of these ids stand in the line that counts.
#pragma once

#include "base/clock.h"

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

namespace ringmaker::telemetry {

enum class Level : uint8_t { kDebug, kInfo, kWarn, kError };
enum class LogFormat : uint8_t { kHuman, kJson };

/// The level of Python's number: up to 10 debug, 20 info, 30 warn, above it error.
[[nodiscard]] Level level_of(unsigned number) noexcept;

/// A value of a field. Views are copied before the call returns. Text that is not UTF-8 is written
/// with U+FFFD in place of what is not, numbers that are not finite as null. A field without a
/// value (std::monostate) is left out.
struct Field {
  std::string_view name;
  std::variant<std::string_view, int64_t, uint64_t, double, bool, std::monostate> value;
};

struct LogOptions {
  int descriptor = 2;
  LogFormat format = LogFormat::kJson;
  Level level_min = Level::kInfo;
  bool colour = false;  // of the level, for people
  size_t lines_queued_max = 1024;
};

/// Thread-safe.
class Log {
 public:
  Log(const base::Clock& clock, LogOptions options);
  ~Log();
  Log(const Log&) = delete;
  Log& operator=(const Log&) = delete;

  /// `event` is a stable snake_case name: "start", "decode_error", "stop".
  void write(Level level, std::string_view event, std::initializer_list<Field> fields) noexcept;
  [[nodiscard]] bool enabled(Level level) const noexcept { return level >= options_.level_min; }
  /// What has repeated so far is written before what comes next, as at the end of a second.
  void write_repeats() noexcept;
  /// Waits until what was queued is written, or 1 s has passed.
  void flush() noexcept;
  [[nodiscard]] uint64_t lines_dropped() const noexcept;

 private:
  class Writer;
  LogOptions options_;
  std::unique_ptr<Writer> writer_;
};

}  // namespace ringmaker::telemetry
