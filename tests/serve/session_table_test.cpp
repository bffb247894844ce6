#include "serve/session_table.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace ringmaker::serve {
namespace {

constexpr uint64_t kNow = 1'700'000'000;

SessionOptions two_shards() {
  return {.lifetime_s = 60, .sessions_max = 8, .shards = 2, .key = {7, 8}};
}

std::string id_of(const SessionTable& table, const Session& session) {
  return std::string(table.id_of(session).text());
}

TEST(SessionTable, EveryShardKnowsASessionByItsId) {
  SessionTable first(0, two_shards());
  SessionTable second(1, two_shards());
  const std::string id = id_of(first, first.open(kNow).value());
  EXPECT_TRUE(first.find(id, kNow));
  EXPECT_TRUE(second.find(id, kNow));
}

TEST(SessionTable, ASessionExpires) {
  SessionTable table(0, two_shards());
  const std::string id = id_of(table, table.open(kNow).value());
  EXPECT_TRUE(table.find(id, kNow + 59));
  EXPECT_FALSE(table.find(id, kNow + 60));
}

TEST(SessionTable, AClosedSessionIsOverWhereItIsTold) {
  SessionTable first(0, two_shards());
  SessionTable second(1, two_shards());
  const Session session = first.open(kNow).value();
  const std::string id = id_of(first, session);
  second.close(session);
  EXPECT_FALSE(second.find(id, kNow));
  EXPECT_TRUE(first.find(id, kNow));
  first.close(session);
  EXPECT_FALSE(first.find(id, kNow));
  const std::string next = id_of(first, first.open(kNow).value());
  EXPECT_NE(next, id) << "the place is used again, under another name";
  EXPECT_TRUE(first.find(next, kNow));
  EXPECT_TRUE(second.find(next, kNow));
  EXPECT_FALSE(second.find(id, kNow));
}

TEST(SessionTable, AsManyAreOpenAsMayBe) {
  SessionTable table(1, two_shards());
  std::vector<Session> open;
  for (int i = 0; i < 4; ++i) {
    open.push_back(table.open(kNow + i).value());
  }
  EXPECT_FALSE(table.open(kNow + 10));
  table.close(open[2]);
  table.close(open[2]);
  EXPECT_TRUE(table.open(kNow + 10));
  EXPECT_FALSE(table.open(kNow + 10)) << "closing twice frees one place";
  EXPECT_FALSE(table.open(kNow + 59));
  EXPECT_TRUE(table.open(kNow + 60)) << "the first has expired";
  EXPECT_FALSE(table.open(kNow + 60));
  EXPECT_TRUE(table.open(kNow + 61));
}

TEST(SessionTable, AnOldCloseDoesNotEndTheNextSessionOfAPlace) {
  SessionTable table(0, {.lifetime_s = 60, .sessions_max = 1, .shards = 1, .key = {7, 8}});
  const Session old = table.open(kNow).value();
  const Session next = table.open(kNow + 60).value();
  EXPECT_EQ(old.slot, next.slot);
  table.close(old);
  EXPECT_TRUE(table.find(id_of(table, next), kNow + 61));
  EXPECT_FALSE(table.open(kNow + 61));
}

TEST(SessionTable, OpeningAndClosingForEverTakesNoMoreRoom) {
  SessionTable table(0, two_shards());
  for (int i = 0; i < 100'000; ++i) {
    const Session session = table.open(kNow).value();
    EXPECT_EQ(session.slot, 0U);
    table.close(session);
  }
}

}  // namespace
}  // namespace ringmaker::serve
