#include "cli/terminal.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <stdlib.h>
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

}  // namespace
}  // namespace ringmaker::cli
