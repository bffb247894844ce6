#include "io/mailbox.h"

#include "io/epoll_backend.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace ringmaker::io {
namespace {

TEST(Mailbox, KeepsOrderAndRefusesWhenFull) {
  const base::SystemClock clock;
  auto backend = EpollBackend::create(clock, {});
  ASSERT_TRUE(backend);
  Mailbox<int> box(**backend, 4);
  for (int i = 0; i < 4; ++i) {
    EXPECT_TRUE(box.post(i));
  }
  EXPECT_FALSE(box.post(4));
  int message = -1;
  for (int i = 0; i < 4; ++i) {
    ASSERT_TRUE(box.take(message));
    EXPECT_EQ(message, i);
  }
  EXPECT_FALSE(box.take(message));
  EXPECT_TRUE(box.post(5));
}

TEST(Mailbox, ManyProducersLoseNothingAndWakeTheConsumer) {
  constexpr int kProducers = 3;
  constexpr int kEach = 2000;
  const base::SystemClock clock;
  auto backend = EpollBackend::create(clock, {});
  ASSERT_TRUE(backend);
  Mailbox<int> box(**backend, 64);
  std::vector<std::thread> producers;
  producers.reserve(kProducers);
  for (int p = 0; p < kProducers; ++p) {
    producers.emplace_back([&box, p] {
      for (int i = 0; i < kEach; ++i) {
        while (!box.post(p * kEach + i)) {
          std::this_thread::yield();
        }
      }
    });
  }
  std::vector<int> last(kProducers, -1);
  int received = 0;
  while (received < kProducers * kEach) {
    [[maybe_unused]] const auto events = (*backend)->wait(base::kNanosecondsPerSecond);
    int message = 0;
    while (box.take(message)) {
      const auto producer = static_cast<size_t>(message / kEach);
      EXPECT_LT(last[producer], message);
      last[producer] = message;
      ++received;
    }
  }
  for (std::thread& producer : producers) {
    producer.join();
  }
}

}  // namespace
}  // namespace ringmaker::io
