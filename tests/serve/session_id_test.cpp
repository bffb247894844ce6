#include "serve/session_id.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace ringmaker::serve {
namespace {

constexpr base::SipKey kKey{1, 2};

TEST(SessionId, ComesBackAsItWas) {
  const Session session{255, 65'535, 4'000'000'000, 1'900'000'000};
  const SessionId id(session, kKey);
  EXPECT_THAT(std::string(id.text()), testing::MatchesRegex("[a-zA-Z0-9]+"));
  EXPECT_LE(id.text().size(), 256U);
  const auto parsed = parse_session_id(id.text(), kKey);
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->shard, session.shard);
  EXPECT_EQ(parsed->slot, session.slot);
  EXPECT_EQ(parsed->serial, session.serial);
  EXPECT_EQ(parsed->expiry_s, session.expiry_s);
}

TEST(SessionId, WhatIsNotOurOwnDoesNotFit) {
  const std::string id(SessionId({1, 2, 3, 1'900'000'000}, kKey).text());
  EXPECT_FALSE(parse_session_id(id, {1, 3})) << "of another process";
  for (size_t i = 0; i < id.size(); ++i) {
    std::string changed = id;
    changed[i] = changed[i] == '0' ? '1' : '0';
    EXPECT_FALSE(parse_session_id(changed, kKey)) << "digit " << i;
    changed[i] = 'g';
    EXPECT_FALSE(parse_session_id(changed, kKey)) << "no digit " << i;
  }
  for (const std::string& other : {std::string(), std::string("NEW_SESSION"), id + "0",
                                   id.substr(1), std::string(46, '0'), std::string(300, 'a')}) {
    EXPECT_FALSE(parse_session_id(other, kKey));
  }
  std::string loud = id;
  for (char& c : loud) {
    c = c >= 'a' && c <= 'f' ? static_cast<char>(c - 'a' + 'A') : c;
  }
  EXPECT_EQ(parse_session_id(loud, kKey).has_value(), loud == id) << "one spelling";
}

}  // namespace
}  // namespace ringmaker::serve
