#include "telemetry/log.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <csignal>
#include <ctime>
#include <deque>
#include <iterator>
#include <mutex>
#include <thread>

namespace ringmaker::telemetry {
namespace {

std::string_view level_name(Level level) noexcept {
  constexpr std::string_view kNames[] = {"debug", "info", "warn", "error"};
  return kNames[static_cast<size_t>(level)];
}

std::string timestamp(uint64_t wall_ns) {
  const auto seconds = static_cast<time_t>(wall_ns / base::kNanosecondsPerSecond);
  std::tm parts{};
  ::gmtime_r(&seconds, &parts);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", parts.tm_year + 1900,
                     parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec,
                     wall_ns / base::kNanosecondsPerMillisecond % 1000);
}

void append_escaped(std::string& out, std::string_view text) {
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20) {
      fmt::format_to(std::back_inserter(out), "\\u{:04x}", byte);
    } else {
      out += c;
    }
  }
}

void append_value(std::string& out, const Field& field, bool quote) {
  if (const auto* text = std::get_if<std::string_view>(&field.value)) {
    if (quote) {
      out += '"';
      append_escaped(out, *text);
      out += '"';
    } else {
      append_escaped(out, *text);
    }
    return;
  }
  if (const auto* integer = std::get_if<int64_t>(&field.value)) {
    fmt::format_to(std::back_inserter(out), "{}", *integer);
  } else if (const auto* natural = std::get_if<uint64_t>(&field.value)) {
    fmt::format_to(std::back_inserter(out), "{}", *natural);
  } else if (const auto* real = std::get_if<double>(&field.value)) {
    fmt::format_to(std::back_inserter(out), "{}", *real);
  } else {
    out += std::get<bool>(field.value) ? "true" : "false";
  }
}

/// The line without its time.
std::string body_of(LogFormat format, Level level, std::string_view event,
                    std::initializer_list<Field> fields) {
  std::string line;
  if (format == LogFormat::kJson) {
    line += R"("level":")";
    line += level_name(level);
    line += R"(","event":")";
    append_escaped(line, event);
    line += '"';
    for (const Field& field : fields) {
      line += ",\"";
      append_escaped(line, field.name);
      line += "\":";
      append_value(line, field, true);
    }
    return line;
  }
  fmt::format_to(std::back_inserter(line), "{:5} {}", level_name(level), event);
  for (const Field& field : fields) {
    line += "  ";
    line += field.name;
    line += '=';
    append_value(line, field, false);
  }
  return line;
}

std::string finish(LogFormat format, uint64_t wall_ns, std::string_view body) {
  return format == LogFormat::kJson
             ? fmt::format("{{\"ts\":\"{}\",{}}}\n", timestamp(wall_ns), body)
             : fmt::format("{} {}\n", timestamp(wall_ns), body);
}

std::string repeats(LogFormat format, uint64_t count, std::string_view body) {
  return format == LogFormat::kJson
             ? fmt::format(R"("level":"warn","event":"repeated","times":{},"of":{{{}}})", count,
                           body)
             : fmt::format("warn  ... {} more like this: {}", count, body);
}

}  // namespace

/// Owns the queue and the thread that empties it.
class Log::Writer {
 public:
  Writer(const base::Clock& clock, const LogOptions& options) : clock_(clock), options_(options) {
    // Signals are for the thread that waits for them: a SIGTERM that finds any thread that does not
    // block it ends the process at once.
    sigset_t all;
    sigset_t before;
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before);
    thread_ = std::thread([this] { run(); });
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  }
  ~Writer() {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    changed_.notify_all();
    thread_.join();
  }
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  void push(Level level, const std::string& body) {
    const uint64_t now = clock_.now_ns();
    const std::lock_guard lock(mutex_);
    if (level >= Level::kWarn && count_repeated(body, now)) {
      return;
    }
    enqueue(finish(options_.format, clock_.wall_ns(), body));
  }

  void flush() {
    std::unique_lock lock(mutex_);
    flush_repeated(UINT64_MAX);
    changed_.notify_all();
    emptied_.wait_for(lock, std::chrono::seconds(1),
                      [this] { return queue_.empty() && !writing_; });
  }

  [[nodiscard]] uint64_t dropped() const noexcept { return dropped_.load(); }

 private:
  /// A warning or error that was written, and how often it came again since.
  struct Kind {
    std::string body;
    uint64_t since_ns = 0;
    uint64_t repeated = 0;
  };

  void enqueue(std::string line) {
    if (queue_.size() >= options_.lines_queued_max) {
      ++dropped_;
      return;
    }
    queue_.push_back(std::move(line));
    changed_.notify_all();
  }

  /// A line that says what one of the last second has said is counted. Several kinds are told
  /// apart, because a storm of errors seldom has only one.
  bool count_repeated(const std::string& body, uint64_t now_ns) {
    Kind* place = &kinds_.front();
    for (Kind& kind : kinds_) {
      if (kind.body == body) {
        if (now_ns - kind.since_ns < base::kNanosecondsPerSecond) {
          ++kind.repeated;
          return true;
        }
        place = &kind;
        break;
      }
      if (kind.since_ns < place->since_ns) {
        place = &kind;
      }
    }
    flush_repeated(*place);
    *place = {body, now_ns, 0};
    return false;
  }

  /// Counts that are a second old are written.
  void flush_repeated(uint64_t now_ns) {
    for (Kind& kind : kinds_) {
      if (now_ns - kind.since_ns >= base::kNanosecondsPerSecond) {
        flush_repeated(kind);
      }
    }
  }

  void flush_repeated(Kind& kind) {
    if (kind.repeated > 0) {
      enqueue(finish(options_.format, clock_.wall_ns(),
                     repeats(options_.format, kind.repeated, kind.body)));
      kind = {};
    }
  }

  void run() {
    std::unique_lock lock(mutex_);
    for (;;) {
      changed_.wait_for(lock, std::chrono::seconds(1),
                        [this] { return stopping_ || !queue_.empty(); });
      flush_repeated(stopping_ ? UINT64_MAX : clock_.now_ns());
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

  /// A reader that is slow for a second, or gone, costs the line.
  void put(std::string_view line) {
    while (!line.empty()) {
      pollfd ready{options_.descriptor, POLLOUT, 0};
      if (::poll(&ready, 1, 1000) <= 0) {
        ++dropped_;
        return;
      }
      const ssize_t written = ::write(options_.descriptor, line.data(), line.size());
      if (written < 0) {
        if (errno == EINTR || errno == EAGAIN) {
          continue;
        }
        ++dropped_;
        return;
      }
      line.remove_prefix(static_cast<size_t>(written));
    }
  }

  const base::Clock& clock_;
  LogOptions options_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::condition_variable emptied_;
  std::deque<std::string> queue_;
  std::array<Kind, 8> kinds_;
  bool stopping_ = false;
  bool writing_ = false;
  std::atomic<uint64_t> dropped_{0};
  std::thread thread_;
};

Log::Log(const base::Clock& clock, LogOptions options)
    : options_(options), writer_(std::make_unique<Writer>(clock, options)) {}

Log::~Log() = default;

void Log::write(Level level, std::string_view event, std::initializer_list<Field> fields) noexcept {
  if (enabled(level)) {
    writer_->push(level, body_of(options_.format, level, event, fields));
  }
}

void Log::flush() noexcept { writer_->flush(); }

uint64_t Log::lines_dropped() const noexcept { return writer_->dropped(); }

}  // namespace ringmaker::telemetry
