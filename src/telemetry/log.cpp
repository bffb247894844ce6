#include "telemetry/log.h"

#include "base/thread.h"
#include "base/utc_time.h"
#include "base/utf8.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cmath>
#include <condition_variable>
#include <csignal>
#include <deque>
#include <iterator>
#include <map>
#include <mutex>
#include <thread>
#include <vector>

namespace ringmaker::telemetry {
namespace {

std::string_view level_name(Level level) noexcept {
  constexpr std::string_view kNames[] = {"debug", "info", "warn", "error"};
  return kNames[static_cast<size_t>(level)];
}

std::string timestamp(uint64_t wall_ns) {
  const auto time = base::utc_time(static_cast<time_t>(wall_ns / base::kNanosecondsPerSecond));
  return fmt::format("{}.{:03}Z", std::string_view(time.data(), time.size() - 1),
                     wall_ns / base::kNanosecondsPerMillisecond % 1000);
}

/// `quoted`: quotes and backslashes, too. What would move a cursor never stays.
void append_escaped(std::string& out, std::string_view text, bool quoted = true) {
  while (!text.empty()) {
    const auto byte = static_cast<unsigned char>(text.front());
    const size_t bytes = base::character_bytes(text);
    if (bytes == 0) {
      out += "\xEF\xBF\xBD";
    } else if (quoted && (byte == '"' || byte == '\\')) {
      out += '\\';
      out += text.front();
    } else if (byte < 0x20 || byte == 0x7F) {
      fmt::format_to(std::back_inserter(out), "\\u{:04x}", byte);
    } else {
      out += text.substr(0, bytes);
    }
    text.remove_prefix(bytes == 0 ? 1 : bytes);
  }
}

void append_value(std::string& out, const Field& field, bool quote) {
  if (const auto* text = std::get_if<std::string_view>(&field.value)) {
    if (quote) {
      out += '"';
      append_escaped(out, *text);
      out += '"';
    } else {
      append_escaped(out, *text, false);
    }
    return;
  }
  if (const auto* integer = std::get_if<int64_t>(&field.value)) {
    fmt::format_to(std::back_inserter(out), "{}", *integer);
  } else if (const auto* natural = std::get_if<uint64_t>(&field.value)) {
    fmt::format_to(std::back_inserter(out), "{}", *natural);
  } else if (const auto* real = std::get_if<double>(&field.value)) {
    if (std::isfinite(*real)) {
      fmt::format_to(std::back_inserter(out), "{}", *real);
    } else {
      out += "null";
    }
  } else {
    out += std::get<bool>(field.value) ? "true" : "false";
  }
}

constexpr std::string_view kRequestId = "request_id";

/// The line without its time. `whole`: with what tells equal events apart.
std::string body_of(const LogOptions& options, Level level, std::string_view event,
                    std::initializer_list<Field> fields, bool whole) {
  std::string line;
  const bool json = options.format == LogFormat::kJson;
  if (json) {
    line += R"("level":")";
    line += level_name(level);
    line += R"(","event":")";
    append_escaped(line, event);
    line += '"';
  } else {
    constexpr std::string_view kColours[] = {"\x1b[2m", "", "\x1b[33m", "\x1b[31m"};
    const std::string_view colour = options.colour ? kColours[static_cast<size_t>(level)] : "";
    fmt::format_to(std::back_inserter(line), "{}{:5}{} {}", colour, level_name(level),
                   colour.empty() ? "" : "\x1b[0m", event);
  }
  for (const Field& field : fields) {
    const auto* text = std::get_if<std::string_view>(&field.value);
    const bool absent = text != nullptr && text->empty();
    if (std::holds_alternative<std::monostate>(field.value) ||
        (field.name == kRequestId && (absent || !whole))) {
      continue;
    }
    line += json ? ",\"" : "  ";
    append_escaped(line, field.name);
    line += json ? "\":" : "=";
    append_value(line, field, json);
  }
  return line;
}

std::string finish(LogFormat format, uint64_t wall_ns, std::string_view body) {
  return format == LogFormat::kJson
             ? fmt::format("{{\"ts\":\"{}\",{}}}\n", timestamp(wall_ns), body)
             : fmt::format("{} {}\n", timestamp(wall_ns), body);
}

/// Who has met an event again.
struct Repeats {
  uint64_t times = 0;
  std::vector<std::string> ids;  // of the first of them that have one
};
constexpr size_t kIdsMax = 16;
constexpr size_t kIdBytesMax = 64;  // as long as the platform's are

std::string_view request_id(std::initializer_list<Field> fields) {
  for (const Field& field : fields) {
    const auto* text = std::get_if<std::string_view>(&field.value);
    if (text != nullptr && field.name == kRequestId) {
      return text->substr(0, kIdBytesMax);
    }
  }
  return {};
}

std::string repeated_body(LogFormat format, const Repeats& repeats, std::string_view body) {
  const bool json = format == LogFormat::kJson;
  std::string ids;
  for (const std::string& id : repeats.ids) {
    ids += json ? ids.empty() ? "\"" : ",\"" : ids.empty() ? "" : ",";
    append_escaped(ids, id);
    ids += json ? "\"" : "";
  }
  if (json) {
    const std::string list = ids.empty() ? "" : fmt::format(R"("request_ids":[{}],)", ids);
    return fmt::format(R"("level":"warn","event":"repeated","times":{},{}"of":{{{}}})",
                       repeats.times, list, body);
  }
  return fmt::format("warn  ... {} more like this: {}{}{}", repeats.times, body,
                     ids.empty() ? "" : "  request_ids=", ids);
}

}  // namespace

/// Owns the queue and the thread that empties it. Where no thread can be had, who logs writes what
/// he logs.
class Log::Writer {
 public:
  Writer(const base::Clock& clock, const LogOptions& options) : clock_(clock), options_(options) {
    // Signals are for the thread that waits for them: a SIGTERM that finds any thread that does not
    // block it ends the process at once.
    sigset_t all;
    sigset_t before;
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before);
    auto thread = base::start_thread([this] { run(); });
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
    if (thread) {
      thread_ = std::move(*thread);
      return;
    }
    alone_ = true;
    const std::lock_guard lock(mutex_);
    enqueue(finish(options_.format, clock_.wall_ns(),
                   body_of(options_, Level::kWarn, "log_without_thread",
                           {{"detail", thread.error().message()}}, true)));
  }
  ~Writer() {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    changed_.notify_all();
    if (alone_) {
      enqueue_repeats();
    } else {
      thread_.join();
    }
  }
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  void push(std::string_view body) {
    const std::lock_guard lock(mutex_);
    enqueue(finish(options_.format, clock_.wall_ns(), body));
  }

  /// For events that may come in floods. `kind`: the body without what tells equal ones apart.
  void push_merged(std::string_view body, std::string kind, std::string_view id) {
    const uint64_t now = clock_.now_ns();
    const std::lock_guard lock(mutex_);
    if (now - window_ns_ >= base::kNanosecondsPerSecond) {
      enqueue_repeats();
      window_ns_ = now;
    }
    if (const auto known = repeats_.find(kind); known != repeats_.end()) {
      ++known->second.times;
      if (!id.empty() && known->second.ids.size() < kIdsMax) {
        known->second.ids.emplace_back(id);
      }
      return;
    }
    if (repeats_.size() < kKindsMax) {
      repeats_.try_emplace(std::move(kind));
    }
    enqueue(finish(options_.format, clock_.wall_ns(), body));
  }

  void write_repeats() {
    const std::lock_guard lock(mutex_);
    enqueue_repeats();
  }

  void flush() {
    std::unique_lock lock(mutex_);
    enqueue_repeats();
    changed_.notify_all();
    emptied_.wait_for(lock, std::chrono::seconds(1),
                      [this] { return queue_.empty() && !writing_; });
  }

  [[nodiscard]] uint64_t dropped() const noexcept { return dropped_.load(); }

 private:
  void enqueue(std::string line) {
    if (alone_) {
      put(line);
      return;
    }
    if (queue_.size() >= options_.lines_queued_max) {
      ++dropped_;
      return;
    }
    queue_.push_back(std::move(line));
    changed_.notify_all();
  }

  /// Ends the second: what has repeated in it is written, and everything counts as new again.
  void enqueue_repeats() {
    for (const auto& [kind, repeats] : repeats_) {
      if (repeats.times > 0) {
        enqueue(finish(options_.format, clock_.wall_ns(),
                       repeated_body(options_.format, repeats, kind)));
      }
    }
    repeats_.clear();
  }

  void run() {
    std::unique_lock lock(mutex_);
    for (;;) {
      changed_.wait_for(lock, std::chrono::seconds(1),
                        [this] { return stopping_ || !queue_.empty(); });
      if (clock_.now_ns() - window_ns_ >= base::kNanosecondsPerSecond || stopping_) {
        enqueue_repeats();
      }
      if (queue_.empty()) {
        if (stopping_) {
          return;
        }
        continue;
      }
      const std::string line = std::move(queue_.front());
      queue_.pop_front();
      writing_ = true;
      lock.unlock();
      put(line);
      lock.lock();
      writing_ = false;
      if (queue_.empty()) {
        emptied_.notify_all();
      }
    }
  }

  /// A reader that stands still for a second, or is gone, costs the line; the next lines are not
  /// waited for until one gets through. At most what a pipe takes at once is written at a time,
  /// so that a descriptor that is ready never blocks.
  void put(std::string_view line) {
    constexpr size_t kAtOnce = 4096;
    while (!line.empty()) {
      pollfd ready{options_.descriptor, POLLOUT, 0};
      if (::poll(&ready, 1, stuck_ ? 0 : 1000) <= 0) {
        stuck_ = true;
        ++dropped_;
        return;
      }
      const ssize_t written =
          ::write(options_.descriptor, line.data(), std::min(line.size(), kAtOnce));
      if (written < 0) {
        if (errno == EINTR || errno == EAGAIN) {
          continue;
        }
        ++dropped_;
        return;
      }
      stuck_ = false;
      line.remove_prefix(static_cast<size_t>(written));
    }
  }

  static constexpr size_t kKindsMax = 256;

  const base::Clock& clock_;
  LogOptions options_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::condition_variable emptied_;
  std::deque<std::string> queue_;
  std::map<std::string, Repeats, std::less<>> repeats_;  // in this second, by kind
  uint64_t window_ns_ = 0;                               // when it began
  bool stuck_ = false;                                   // of who writes
  bool alone_ = false;                                   // set before anything is logged
  bool stopping_ = false;
  bool writing_ = false;
  std::atomic<uint64_t> dropped_{0};
  std::thread thread_;
};

Level level_of(unsigned number) noexcept {
  if (number <= 10) {
    return Level::kDebug;
  }
  return number <= 20 ? Level::kInfo : number <= 30 ? Level::kWarn : Level::kError;
}

Log::Log(const base::Clock& clock, LogOptions options)
    : options_(options), writer_(std::make_unique<Writer>(clock, options)) {}

Log::~Log() = default;

void Log::write(Level level, std::string_view event, std::initializer_list<Field> fields) noexcept {
  if (!enabled(level)) {
    return;
  }
  const std::string body = body_of(options_, level, event, fields, true);
  if (level < Level::kWarn) {
    writer_->push(body);
  } else {
    writer_->push_merged(body, body_of(options_, level, event, fields, false), request_id(fields));
  }
}

void Log::write_repeats() noexcept { writer_->write_repeats(); }

void Log::flush() noexcept { writer_->flush(); }

uint64_t Log::lines_dropped() const noexcept { return writer_->dropped(); }

}  // namespace ringmaker::telemetry
