#include "serve/session_table.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace ringmaker::serve {
namespace {

constexpr uint64_t kNow = 1'700'000'000;

SessionOptions two_shards() { return {.lifetime_s = 60, .shards = 2, .key = {7, 8}}; }

/// The tables of two shards, which may have four sessions together.
struct TwoTables {
  SessionCount open{4};
  SessionTable first{0, two_shards(), open};
  SessionTable second{1, two_shards(), open};
};

std::string id_of(const SessionTable& table, const Session& session) {
  return std::string(table.id_of(session).text());
}

TEST(SessionTable, EveryShardKnowsASessionByItsId) {
  TwoTables tables;
  auto& [open, first, second] = tables;
  const std::string id = id_of(first, first.open(kNow).value());
  EXPECT_TRUE(first.find(id, kNow));
  EXPECT_TRUE(second.find(id, kNow));
}

TEST(SessionTable, ASessionExpires) {
  SessionCount open(1);
  SessionTable table(0, two_shards(), open);
  const std::string id = id_of(table, table.open(kNow).value());
  EXPECT_TRUE(table.find(id, kNow + 59));
  EXPECT_FALSE(table.find(id, kNow + 60));
}

TEST(SessionTable, AClosedSessionIsOverWhereItIsTold) {
  TwoTables tables;
  auto& [open, first, second] = tables;
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
  SessionCount count(4);
  SessionTable table(1, two_shards(), count);
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

TEST(SessionTable, OneShardMayHaveThemAll) {
  TwoTables tables;
  auto& [open, first, second] = tables;
  std::vector<Session> sessions;
  for (int i = 0; i < 4; ++i) {
    sessions.push_back(first.open(kNow).value());
  }
  EXPECT_FALSE(second.open(kNow));
  EXPECT_FALSE(first.open(kNow));
  second.close(sessions[0]);
  EXPECT_FALSE(second.open(kNow)) << "its place is the first's, who has not heard of it";
  first.close(sessions[0]);
  EXPECT_TRUE(second.open(kNow));
  EXPECT_FALSE(second.open(kNow + 59));
  first.free_expired(kNow + 60);
  for (int i = 0; i < 4; ++i) {
    EXPECT_TRUE(second.open(kNow + 60)) << i;
  }
  EXPECT_FALSE(second.open(kNow + 60));
}

TEST(SessionTable, SaysWhenTheNextOneExpires) {
  SessionCount count(4);
  SessionTable table(0, two_shards(), count);
  EXPECT_EQ(table.next_expiry_s(), SessionTable::kNever);
  const Session session = table.open(kNow).value();
  (void)table.open(kNow + 7);
  EXPECT_EQ(table.next_expiry_s(), kNow + 60);
  table.free_expired(session.expiry_s);
  EXPECT_EQ(table.next_expiry_s(), kNow + 67);
  table.free_expired(kNow + 67);
  EXPECT_EQ(table.next_expiry_s(), SessionTable::kNever);
}

TEST(SessionTable, AnOldCloseDoesNotEndTheNextSessionOfAPlace) {
  SessionCount count(1);
  SessionTable table(0, {.lifetime_s = 60, .shards = 1, .key = {7, 8}}, count);
  const Session old = table.open(kNow).value();
  const Session next = table.open(kNow + 60).value();
  EXPECT_EQ(old.slot, next.slot);
  table.close(old);
  EXPECT_TRUE(table.find(id_of(table, next), kNow + 61));
  EXPECT_FALSE(table.open(kNow + 61));
}

TEST(SessionTable, OpeningAndClosingForEverTakesNoMoreRoom) {
  SessionCount count(1);
  SessionTable table(0, two_shards(), count);
  for (int i = 0; i < 100'000; ++i) {
    const Session session = table.open(kNow).value();
    EXPECT_EQ(session.slot, 0U);
    table.close(session);
  }
}

}  // namespace
}  // namespace ringmaker::serve
