// Program: the built binary as a process, its output in files.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace ringmaker::test {

/// A directory of its own, removed with it.
class TemporaryDirectory {
 public:
  TemporaryDirectory();
  ~TemporaryDirectory();
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

  [[nodiscard]] std::string path(const std::string& below = "") const;
  /// Creates the directories that are missing.
  void write(const std::string& below, const std::string& text) const;
  [[nodiscard]] std::string read(const std::string& below) const;
  [[nodiscard]] bool exists(const std::string& below) const;

 private:
  std::filesystem::path root_;
};

class Program {
 public:
  using Variables = std::map<std::string, std::string>;

  /// A command that runs it, such as {"nice", "-n", "5"}.
  using Runner = std::vector<std::string>;

  /// What it may open.
  struct Descriptors {
    uint64_t max = 0;    // RLIMIT_NOFILE, soft and hard; 0: as it is here
    uint64_t taken = 0;  // of them, before it begins
  };

  Program(const std::vector<std::string>& arguments, const Variables& variables)
      : Program(arguments, variables, Descriptors()) {}
  Program(const std::vector<std::string>& arguments, const Variables& variables,
          const Descriptors& descriptors, const Runner& runner = {});
  /// Kills it if it still runs.
  ~Program();
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  void signal(int number) const;
  /// The exit code; negative: ended by that signal. Kills after `seconds`.
  int wait(int seconds = 60);
  [[nodiscard]] bool running();
  [[nodiscard]] pid_t pid() const noexcept { return pid_; }
  [[nodiscard]] std::string output() const { return files_.read("out"); }
  [[nodiscard]] std::string errors() const { return files_.read("err"); }

 private:
  TemporaryDirectory files_;
  pid_t pid_ = -1;
  std::optional<int> status_;
};

/// A port that was free a moment ago.
[[nodiscard]] int free_port();

/// Whether somebody listens on 127.0.0.1:port.
[[nodiscard]] bool accepts_connections(int port);

struct HttpAnswer {
  enum class End : uint8_t {
    kRefused,     // nobody listens: no connection came about
    kUnanswered,  // there was one, and it was cut before a whole answer had come
    kAnswered,    // whole, as its Content-Length says, if it has one
  };
  End end = End::kUnanswered;
  int status = 0;  // 0: no answer
  std::string head;
  std::string body;
};
/// One request on a connection of its own to 127.0.0.1:port, sent as it is.
[[nodiscard]] HttpAnswer ask(int port, const std::string& request);
[[nodiscard]] HttpAnswer get(int port, const std::string& path);
[[nodiscard]] HttpAnswer post(int port, const std::string& path, const std::string& fields,
                              const std::string& body);
/// Asks /ping until it is answered 200, for a minute at most.
[[nodiscard]] bool wait_until_healthy(int port, Program& program);

}  // namespace ringmaker::test
