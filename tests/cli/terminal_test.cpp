#include "cli/terminal.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

namespace ringmaker::cli {
namespace {

TEST(Terminal, ExitCodesSayWhoseFaultItIs) {
  EXPECT_EQ(exit_code(base::ErrorCode::kInvalidInput), 2);
  EXPECT_EQ(exit_code(base::ErrorCode::kCorrupt), 2);
  EXPECT_EQ(exit_code(base::ErrorCode::kPlatform), 3);
  EXPECT_EQ(exit_code(base::ErrorCode::kExhausted), 3);
  EXPECT_EQ(exit_code(base::ErrorCode::kInternal), 1);
  EXPECT_EQ(exit_code(base::ErrorCode::kCancelled), 0);
}

TEST(Terminal, ColourIsForTerminalsThatWantIt) {
  const int terminal = ::posix_openpt(O_RDWR | O_NOCTTY);
  ASSERT_GE(terminal, 0);
  ASSERT_EQ(::grantpt(terminal), 0);
  ASSERT_EQ(::unlockpt(terminal), 0);
  EXPECT_TRUE(colour_wanted(terminal, {{"TERM", "xterm"}}));
  EXPECT_FALSE(colour_wanted(terminal, {{"TERM", "xterm"}, {"NO_COLOR", "1"}}));
  EXPECT_FALSE(colour_wanted(terminal, {{"TERM", "dumb"}}));
  EXPECT_FALSE(colour_wanted(terminal, {}));
  ::close(terminal);
  const int file = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
  EXPECT_FALSE(colour_wanted(file, {{"TERM", "xterm"}}));
  ::close(file);
}

TEST(Terminal, AClosedDescriptorIsNotGivenToTheNextFile) {
  const pid_t child = ::fork();
  if (child == 0) {
    ::close(STDIN_FILENO);
    ::close(STDOUT_FILENO);
    hold_standard_descriptors();
    const int file = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
    const bool told = ::write(STDOUT_FILENO, "x", 1) < 0;
    ::_exit(file > STDERR_FILENO && told ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
}

}  // namespace
}  // namespace ringmaker::cli
