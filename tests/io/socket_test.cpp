#include "io/socket.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <thread>

namespace ringmaker::io {
namespace {

using testing::HasSubstr;

int option(int descriptor, int level, int name) {
  int value = 0;
  socklen_t size = sizeof value;
  EXPECT_EQ(::getsockopt(descriptor, level, name, &value, &size), 0);
  return value;
}

TEST(Descriptor, ClosesWhatItOwnsAndNothingElse) {
  Descriptor first(::dup(0));
  const int number = first.get();
  Descriptor second(std::move(first));
  EXPECT_EQ(second.get(), number);
  second.reset();
  EXPECT_EQ(::fcntl(number, F_GETFD), -1);
  EXPECT_FALSE(second);
}

TEST(Socket, AListenerIsReadyForManyShards) {
  const auto first = listen_on({.port = 0, .loopback_only = true});
  ASSERT_TRUE(first);
  const uint16_t port = *local_port(first->get());
  EXPECT_NE(port, 0);
  const auto second = listen_on({.port = port, .loopback_only = true});
  ASSERT_TRUE(second) << "each shard has a listener of its own on the same port";
  EXPECT_NE(option(first->get(), IPPROTO_TCP, TCP_NODELAY), 0);
  EXPECT_NE(::fcntl(first->get(), F_GETFL) & O_NONBLOCK, 0);
  EXPECT_NE(::fcntl(first->get(), F_GETFD) & FD_CLOEXEC, 0);
}

TEST(Socket, APortHeldBySomebodyElseIsReportedThoughItCouldBeShared) {
  const auto holder = listen_on({.port = 0, .loopback_only = true});
  ASSERT_TRUE(holder);
  const uint16_t port = *local_port(holder->get());
  const auto free =
      check_port_is_free({.port = port, .loopback_only = true}, std::chrono::milliseconds(30));
  ASSERT_FALSE(free);
  EXPECT_EQ(free.error().code(), base::ErrorCode::kInvalidInput);
  EXPECT_THAT(free.error().message(), HasSubstr("is in use"));
  EXPECT_THAT(free.error().message(), HasSubstr(std::to_string(port)));
}

TEST(Socket, APortThatIsLetGoWithinThePatienceIsFree) {
  auto holder = listen_on({.port = 0, .loopback_only = true});
  ASSERT_TRUE(holder);
  const uint16_t port = *local_port(holder->get());
  std::thread leaver([&holder] {
    std::this_thread::sleep_for(std::chrono::milliseconds(60));
    holder->reset();
  });
  EXPECT_TRUE(check_port_is_free({.port = port, .loopback_only = true}, std::chrono::seconds(5)));
  leaver.join();
}

TEST(Socket, AnyFreePortIsFree) {
  EXPECT_TRUE(check_port_is_free({.port = 0, .loopback_only = true}));
}

TEST(Socket, PreparedConnectionsDoNotBlockOrDelay) {
  const Descriptor connection(::socket(AF_INET, SOCK_STREAM, 0));
  prepare_connection(connection.get());
  EXPECT_NE(::fcntl(connection.get(), F_GETFL) & O_NONBLOCK, 0);
  EXPECT_NE(::fcntl(connection.get(), F_GETFD) & FD_CLOEXEC, 0);
  EXPECT_NE(option(connection.get(), IPPROTO_TCP, TCP_NODELAY), 0);
}

}  // namespace
}  // namespace ringmaker::io
