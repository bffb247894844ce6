// Refusal of io_uring, in every way and at every step, ends in epoll and a reason.
#include "io/backend_choice.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <string>
#include <tuple>

namespace ringmaker::io {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

std::pair<int, std::string> run(const std::string& command) {
  FILE* pipe = ::popen((command + " 2>&1").c_str(), "r");
  if (pipe == nullptr) {
    return {-1, "popen failed"};
  }
  std::string output;
  std::array<char, 512> buffer{};
  while (std::fgets(buffer.data(), buffer.size(), pipe) != nullptr) {
    output += buffer.data();
  }
  const int status = ::pclose(pipe);
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, output};
}

class RefusedUring : public testing::TestWithParam<std::tuple<const char*, const char*>> {};

TEST_P(RefusedUring, AutoTakesEpollAndSaysWhy) {
  const auto [error, call] = GetParam();
  const auto [status, output] = run(std::string(RINGMAKER_REFUSE_URING) + " " + error + " " + call +
                                    " -- " + RINGMAKER_CHOOSE_BACKEND + " auto");
  EXPECT_EQ(status, 0) << output;
  EXPECT_THAT(output, StartsWith("epoll (io_uring refused: "));
}

TEST_P(RefusedUring, AskedForByNameItIsAnErrorWithAReason) {
  const auto [error, call] = GetParam();
  const auto [status, output] = run(std::string(RINGMAKER_REFUSE_URING) + " " + error + " " + call +
                                    " -- " + RINGMAKER_CHOOSE_BACKEND + " uring");
  EXPECT_EQ(status, 3) << output;
  EXPECT_THAT(output, HasSubstr("io_uring was asked for but cannot be had"));
}

INSTANTIATE_TEST_SUITE_P(Everywhere, RefusedUring,
                         testing::Combine(testing::Values("EPERM", "ENOSYS", "EINVAL", "ENOMEM",
                                                          "EMFILE"),
                                          testing::Values("setup", "enter", "register")),
                         [](const testing::TestParamInfo<RefusedUring::ParamType>& parameter) {
                           return std::string(std::get<0>(parameter.param)) + "On" +
                                  std::get<1>(parameter.param);
                         });

bool uring_can_be_had() { return run(std::string(RINGMAKER_CHOOSE_BACKEND) + " uring").first == 0; }

/// A limit on locked memory that the small ring of the probe fits and the large one does not, as
/// kernels before 5.12 have it.
TEST(BackendChoice, ARingThatDoesNotFitIsTriedSmaller) {
  if (!uring_can_be_had()) {
    GTEST_SKIP() << "io_uring cannot be had here: NOT CHECKED";
  }
  const auto [status, output] =
      run(std::string(RINGMAKER_REFUSE_URING) + " ENOMEM large_setup -- " +
          RINGMAKER_CHOOSE_BACKEND + " uring");
  EXPECT_EQ(status, 0) << output;
  EXPECT_EQ(output, "io_uring\n");
}

TEST(BackendChoice, ARingRefusedAfterTheProbeEndsInEpollAndAReason) {
  if (!uring_can_be_had()) {
    GTEST_SKIP() << "io_uring cannot be had here: NOT CHECKED";
  }
  const auto [status, output] = run(std::string(RINGMAKER_REFUSE_URING) +
                                    " EMFILE large_setup -- " + RINGMAKER_CHOOSE_BACKEND + " auto");
  EXPECT_EQ(status, 0) << output;
  EXPECT_THAT(output, StartsWith("epoll (io_uring refused: io_uring_setup answered EMFILE"));
}

TEST(BackendChoice, ARingAskedForByNameAndRefusedAfterTheProbeIsAnError) {
  if (!uring_can_be_had()) {
    GTEST_SKIP() << "io_uring cannot be had here: NOT CHECKED";
  }
  const auto [status, output] =
      run(std::string(RINGMAKER_REFUSE_URING) + " EMFILE large_setup -- " +
          RINGMAKER_CHOOSE_BACKEND + " uring");
  EXPECT_EQ(status, 3) << output;
  EXPECT_THAT(output, HasSubstr("io_uring was asked for but cannot be had: io_uring_setup"));
}

TEST(BackendChoice, WithoutLockedMemoryThereIsARingOrAReason) {
  const auto [status, output] =
      run("ulimit -l 0; exec " + std::string(RINGMAKER_CHOOSE_BACKEND) + " auto");
  EXPECT_EQ(status, 0) << output;
  EXPECT_THAT(output, testing::AnyOf("io_uring\n", StartsWith("epoll (io_uring refused: ")));
}

TEST(BackendChoice, EpollCanBeAskedFor) {
  const auto choice = choose_backend("epoll");
  ASSERT_TRUE(choice);
  EXPECT_EQ(choice->kind, BackendKind::kEpoll);
  EXPECT_EQ(choice->description, "epoll (asked for)");
}

TEST(BackendChoice, AnUnknownNameIsAnErrorThatListsTheKnownOnes) {
  const auto choice = choose_backend("kqueue");
  ASSERT_FALSE(choice);
  EXPECT_EQ(choice.error().message(), "io is \"kqueue\"; it is one of auto, uring, epoll");
}

}  // namespace
}  // namespace ringmaker::io
