#include "io/reserve_descriptor.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>

namespace ringmaker::io {
namespace {

volatile std::sig_atomic_t alarmed = 0;

TEST(ReserveDescriptor, ShedsOneWaitingConnectionAndKeepsItsReserve) {
  ReserveDescriptor reserve;
  const auto listener = listen_on({.port = 0, .loopback_only = true});
  ASSERT_TRUE(listener);
  EXPECT_FALSE(reserve.shed_one(listener->get())) << "nobody waits";
  sockaddr_in address{};
  socklen_t size = sizeof address;
  ASSERT_EQ(::getsockname(listener->get(), reinterpret_cast<sockaddr*>(&address), &size), 0);
  for (int i = 0; i < 3; ++i) {
    const Descriptor client(::socket(AF_INET, SOCK_STREAM, 0));
    ASSERT_EQ(::connect(client.get(), reinterpret_cast<sockaddr*>(&address), size), 0);
    EXPECT_TRUE(reserve.shed_one(listener->get()));
    char byte = 0;
    EXPECT_LE(::recv(client.get(), &byte, 1, 0), 0) << "the peer learns at once";
  }
}

TEST(ReserveDescriptor, DoesNotWaitAtABlockingListener) {
  ReserveDescriptor reserve;
  const auto listener = listen_on({.port = 0, .loopback_only = true});
  ASSERT_TRUE(listener);
  const int blocking = ::fcntl(listener->get(), F_GETFL) & ~O_NONBLOCK;
  ASSERT_EQ(::fcntl(listener->get(), F_SETFL, blocking), 0);
  // What hangs is let go by the alarm, and seen by what it returns.
  struct sigaction before{};
  struct sigaction release{};
  release.sa_handler = [](int /*number*/) { alarmed = 1; };
  ::sigaction(SIGALRM, &release, &before);
  ::alarm(10);
  EXPECT_FALSE(reserve.shed_one(listener->get()));
  ::alarm(0);
  ::sigaction(SIGALRM, &before, nullptr);
  EXPECT_EQ(alarmed, 0) << "it waited for somebody to come";
  EXPECT_EQ(::fcntl(listener->get(), F_GETFL), blocking);
}

}  // namespace
}  // namespace ringmaker::io
