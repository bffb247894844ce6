#include "io/socket.h"

#include "tests/support/loopback.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
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

/// A connection to `port` on its way; it does not wait.
Descriptor begin_connecting(uint16_t port) {
  Descriptor client(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  const sockaddr_in address = test::loopback_address(port);
  (void)::connect(client.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address);
  return client;
}

/// The connection has come about or failed within `wait_ms`.
bool is_settled(const Descriptor& client, int wait_ms) {
  pollfd settled{client.get(), POLLOUT, 0};
  return ::poll(&settled, 1, wait_ms) == 1;
}

TEST(Socket, WhoComesToAListenerThatTurnsAwayIsRefusedOnceItIsClosed) {
  auto listener = listen_on({.port = 0, .loopback_only = true});
  ASSERT_TRUE(listener);
  const uint16_t port = *local_port(listener->get());
  const Descriptor early = begin_connecting(port);
  ASSERT_TRUE(is_settled(early, 5'000));
  if (!turn_newcomers_away(listener->get())) {
    GTEST_SKIP() << "this kernel takes no filter: NOT CHECKED";
  }
  const Descriptor late = begin_connecting(port);
  EXPECT_FALSE(is_settled(late, 50)) << "neither connected nor refused";
  const Descriptor queued = accept_waiting(listener->get());
  EXPECT_TRUE(queued) << "what was there before is still to be had";
  EXPECT_FALSE(accept_waiting(listener->get()));
  ASSERT_EQ(::send(early.get(), "x", 1, MSG_NOSIGNAL), 1);
  char byte = 0;
  pollfd readable{queued.get(), POLLIN, 0};
  EXPECT_EQ(::poll(&readable, 1, 5'000), 1);
  EXPECT_EQ(::recv(queued.get(), &byte, 1, 0), 1) << "and works as any other";
  listener->reset();
  ASSERT_TRUE(is_settled(late, 20'000));
  EXPECT_EQ(option(late.get(), SOL_SOCKET, SO_ERROR), ECONNREFUSED);
}

TEST(Socket, HowLongBytesHaveLainIsTold) {
  const auto listener = listen_on({.port = 0, .loopback_only = true});
  ASSERT_TRUE(listener);
  const Descriptor client = test::connect_loopback(*local_port(listener->get()));
  ASSERT_TRUE(client);
  const Descriptor server = accept_waiting(listener->get());
  ASSERT_TRUE(server);
  ASSERT_EQ(::send(client.get(), "x", 1, 0), 1);
  std::this_thread::sleep_for(std::chrono::milliseconds(60));
  EXPECT_GE(since_last_bytes_ns(server.get()), 40'000'000U) << "though nobody has read them";
  EXPECT_EQ(since_last_bytes_ns(-1), 0U);
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
