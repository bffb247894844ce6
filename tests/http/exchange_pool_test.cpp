// Exchanges and strings go round: what was made once is used again.
#include "http/exchange_pool.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace ringmaker::http {
namespace {

TEST(ExchangePool, AnExchangeGivenBackIsTheNextOneTaken) {
  ExchangePool pool;
  ConnectionExchange& first = pool.take();
  ConnectionExchange& second = pool.take();
  EXPECT_NE(&first, &second);
  EXPECT_EQ(pool.in_hand(), 2U);
  pool.give_back(first);
  EXPECT_EQ(pool.in_hand(), 1U);
  EXPECT_EQ(&pool.take(), &first);
}

TEST(ExchangePool, AnExchangeComesBackWithAnEmptyArena) {
  ExchangePool pool;
  ConnectionExchange& exchange = pool.take();
  const char* const first = exchange.arena().copy("head").data();
  pool.give_back(exchange);
  EXPECT_EQ(pool.take().arena().copy("head").data(), first);
}

TEST(ExchangePool, AStringGivenBackKeepsItsMemoryForTheNext) {
  ExchangePool pool;
  std::string buffer = pool.take_buffer();
  EXPECT_TRUE(buffer.empty());
  buffer.assign(5000, 'x');
  const size_t capacity = buffer.capacity();
  pool.give_back(std::move(buffer));
  const std::string next = pool.take_buffer();
  EXPECT_EQ(next.capacity(), capacity);
  EXPECT_TRUE(next.empty());
}

TEST(ExchangePool, StringsOfUnusualSizeAreNotKept) {
  ExchangePool pool;
  for (const size_t bytes : {size_t{8}, size_t{1} << 20U}) {
    std::string buffer(bytes, 'x');
    pool.give_back(std::move(buffer));
    EXPECT_LT(pool.take_buffer().capacity(), 64U * 1024) << bytes;
  }
}

TEST(ExchangePool, AFloodOfStringsIsNotKeptForEver) {
  ExchangePool pool;
  constexpr size_t kFlood = 1000;
  for (size_t i = 0; i < kFlood; ++i) {
    pool.give_back(std::string(2000, 'x'));
  }
  size_t kept = 0;
  while (pool.take_buffer().capacity() >= 2000) {
    ++kept;
  }
  EXPECT_EQ(kept, 256U);
}

}  // namespace
}  // namespace ringmaker::http
