#include "tests/support/program.h"

#include "base/check.h"
#include "tests/support/loopback.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string_view>
#include <thread>

namespace ringmaker::test {
namespace {

constexpr auto kLook = std::chrono::milliseconds(5);

/// As far as its head tells.
bool is_whole(const HttpAnswer& answer, bool to_head) {
  constexpr std::string_view kLength = "\r\nContent-Length: ";
  const size_t at = answer.head.find(kLength);
  if (to_head || at == std::string::npos) {
    return true;
  }
  return answer.body.size() ==
         std::strtoull(answer.head.c_str() + at + kLength.size(), nullptr, 10);
}

}  // namespace

TemporaryDirectory::TemporaryDirectory() {
  std::string pattern = (std::filesystem::temp_directory_path() / "ringmaker-XXXXXX").string();
  root_ = ::mkdtemp(pattern.data());
}

TemporaryDirectory::~TemporaryDirectory() {
  std::error_code error;
  std::filesystem::remove_all(root_, error);
}

std::string TemporaryDirectory::path(const std::string& below) const {
  return below.empty() ? root_.string() : (root_ / below).string();
}

void TemporaryDirectory::write(const std::string& below, const std::string& text) const {
  const std::filesystem::path target = root_ / below;
  std::filesystem::create_directories(target.parent_path());
  std::ofstream(target, std::ios::binary) << text;
}

std::string TemporaryDirectory::read(const std::string& below) const {
  std::ifstream file(root_ / below, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

bool TemporaryDirectory::exists(const std::string& below) const {
  return std::filesystem::exists(root_ / below);
}

Program::Program(const std::vector<std::string>& arguments, const Variables& variables,
                 const Descriptors& descriptors, const Runner& runner) {
  std::vector<std::string> words(runner);
  const char* const other = std::getenv("PROGRAM_UNDER_TEST");
  words.emplace_back(other != nullptr ? other : RINGMAKER_BINARY);
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  for (std::string& word : words) {
    argv.push_back(word.data());
  }
  argv.push_back(nullptr);
  const std::string out = files_.path("out");
  const std::string err = files_.path("err");
  pid_ = ::fork();
  if (pid_ == 0) {
    for (const auto& [name, value] : variables) {
      ::setenv(name.c_str(), value.c_str(), 1);
    }
    ::dup2(::open("/dev/null", O_RDONLY), 0);
    ::dup2(::open(out.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644), 1);
    ::dup2(::open(err.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644), 2);
    ::close_range(3, ~0U, CLOSE_RANGE_CLOEXEC);
    for (uint64_t i = 0; i < descriptors.taken; ++i) {
      ::dup(0);
    }
    if (descriptors.max != 0) {
      const rlimit limit{descriptors.max, descriptors.max};
      ::setrlimit(RLIMIT_NOFILE, &limit);
    }
    ::execvp(argv[0], argv.data());
    ::_exit(127);
  }
}

Program::~Program() {
  if (running()) {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
}

void Program::signal(int number) const { ::kill(pid_, number); }

bool Program::running() {
  if (status_) {
    return false;
  }
  int status = 0;
  if (::waitpid(pid_, &status, WNOHANG) == pid_) {
    status_ = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
    return false;
  }
  return true;
}

int Program::wait(int seconds) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(seconds);
  while (running()) {
    if (std::chrono::steady_clock::now() > deadline) {
      ::kill(pid_, SIGKILL);
    }
    std::this_thread::sleep_for(kLook);
  }
  return *status_;
}

int free_port() {
  const int descriptor = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  RM_CHECK(::bind(descriptor, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
  socklen_t size = sizeof address;
  ::getsockname(descriptor, reinterpret_cast<sockaddr*>(&address), &size);
  ::close(descriptor);
  return ntohs(address.sin_port);
}

bool accepts_connections(int port) {
  const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_in address = loopback_address(static_cast<uint16_t>(port));
  const bool accepted =
      ::connect(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  ::close(descriptor);
  return accepted;
}

HttpAnswer ask(int port, const std::string& request) {
  const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_in address = loopback_address(static_cast<uint16_t>(port));
  const timeval limit{120, 0};  // for what hangs: machines may be slow, and tests wait for no less
  ::setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  HttpAnswer answer;
  if (::connect(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    // A connection that is reset while connect() waits has come about, and says ECONNRESET.
    answer.end = errno == ECONNREFUSED ? HttpAnswer::End::kRefused : HttpAnswer::End::kUnanswered;
    ::close(descriptor);
    return answer;
  }
  std::string text;
  std::thread reader([&] {
    std::array<char, 65536> buffer{};
    for (;;) {
      const ssize_t got = ::recv(descriptor, buffer.data(), buffer.size(), 0);
      if (got <= 0) {
        return;
      }
      text.append(buffer.data(), static_cast<size_t>(got));
    }
  });
  for (size_t sent = 0; sent < request.size();) {
    const ssize_t taken =
        ::send(descriptor, request.data() + sent, request.size() - sent, MSG_NOSIGNAL);
    if (taken <= 0) {
      break;
    }
    sent += static_cast<size_t>(taken);
  }
  reader.join();
  ::close(descriptor);
  const size_t end = text.find("\r\n\r\n");
  if (end != std::string::npos && text.starts_with("HTTP/1.1 ")) {
    answer.status = std::atoi(text.c_str() + 9);
    answer.head = text.substr(0, end + 2);
    answer.body = text.substr(end + 4);
    answer.end = is_whole(answer, request.starts_with("HEAD ")) ? HttpAnswer::End::kAnswered
                                                                : HttpAnswer::End::kUnanswered;
  }
  return answer;
}

HttpAnswer get(int port, const std::string& path) {
  return ask(port, "GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
}

HttpAnswer post(int port, const std::string& path, const std::string& fields,
                const std::string& body) {
  return ask(port, "POST " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + fields +
                       "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
}

bool wait_until_healthy(int port, Program& program) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (std::chrono::steady_clock::now() < deadline && program.running()) {
    if (get(port, "/ping").status == 200) {
      return true;
    }
    std::this_thread::sleep_for(kLook);
  }
  return false;
}

}  // namespace ringmaker::test
