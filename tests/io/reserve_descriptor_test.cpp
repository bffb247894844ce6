#include "io/reserve_descriptor.h"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace ringmaker::io {
namespace {

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

}  // namespace
}  // namespace ringmaker::io
