#include "base/standard_error.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <string>

namespace ringmaker::base {
namespace {

/// Standard error is `descriptor` as long as this lives.
class Redirected {
 public:
  explicit Redirected(int descriptor) : saved_(::dup(STDERR_FILENO)) {
    ::dup2(descriptor, STDERR_FILENO);
  }
  ~Redirected() {
    ::dup2(saved_, STDERR_FILENO);
    ::close(saved_);
  }
  Redirected(const Redirected&) = delete;
  Redirected& operator=(const Redirected&) = delete;

 private:
  int saved_;
};

TEST(StandardError, IsToldWhole) {
  std::array<int, 2> pipe{};
  ASSERT_EQ(::pipe(pipe.data()), 0);
  {
    const Redirected redirected(pipe[1]);
    tell("ringmaker {}: {} of {}\n", "train", 3, "a.csv");
    write_to_standard_error("{} is no place here\n");
  }
  ::close(pipe[1]);
  std::string text(200, '\0');
  text.resize(static_cast<size_t>(std::max<ssize_t>(::read(pipe[0], text.data(), text.size()), 0)));
  ::close(pipe[0]);
  EXPECT_EQ(text, "ringmaker train: 3 of a.csv\n{} is no place here\n");
}

TEST(StandardError, WhatItDoesNotTakeIsLostAndEndsNothing) {
  ::signal(SIGPIPE, SIG_IGN);
  {
    const int full = ::open("/dev/full", O_WRONLY | O_CLOEXEC);
    const Redirected redirected(full);
    tell("{}\n", "lost");
    ::close(full);
  }
  std::array<int, 2> pipe{};
  ASSERT_EQ(::pipe(pipe.data()), 0);
  ::close(pipe[0]);
  {
    const Redirected redirected(pipe[1]);
    tell("{}\n", "lost");
    ::close(STDERR_FILENO);
    tell("{}\n", "lost");
  }
  ::close(pipe[1]);
}

}  // namespace
}  // namespace ringmaker::base
