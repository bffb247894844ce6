// Archives of every writer, whole and broken, in pieces and rooms of any size.
#include "wire/zip_reader.h"

#include "tests/support/zipped.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace ringmaker::wire {
namespace {

using test::ZipMember;
using test::zipped;

struct Outcome {
  std::vector<std::pair<std::string, std::string>> members;  // name and content, whole or not
  std::vector<uint64_t> begun;
  std::string problem;
  bool at_end = false;

  friend bool operator==(const Outcome&, const Outcome&) = default;
};

/// Members of unknown length hold as many bytes as their first one says.
Outcome read(std::string_view archive, size_t piece_bytes = SIZE_MAX, size_t room_bytes = 64) {
  ZipReader reader;
  Outcome outcome;
  const auto room = std::make_unique<char[]>(room_bytes);
  for (size_t begin = 0; begin < archive.size();) {
    const size_t size = std::min(piece_bytes, archive.size() - begin);
    // A heap block of its own that is gone afterwards.
    const auto piece = std::make_unique<char[]>(size);
    std::copy_n(archive.data() + begin, size, piece.get());
    begin += size;
    size_t at = 0;
    for (bool more = true; more;) {
      const ZipReader::Step step = reader.next({piece.get(), size}, at, {room.get(), room_bytes});
      switch (step.event) {
        case ZipReader::Event::kNeedMore:
          EXPECT_EQ(at, size);
          more = false;
          break;
        case ZipReader::Event::kMember:
          outcome.members.emplace_back(reader.name(), "");
          outcome.begun.push_back(reader.member_byte());
          if (reader.length_unknown()) {
            reader.expect(1, false);
          }
          break;
        case ZipReader::Event::kContent:
          outcome.members.back().second.append(room.get(), step.bytes);
          if (reader.length_unknown() && !reader.length_expected()) {
            reader.expect(static_cast<unsigned char>(room[0]), true);
          }
          break;
        case ZipReader::Event::kMemberEnd:
          break;
        case ZipReader::Event::kEnd:
          outcome.at_end = true;
          break;
        case ZipReader::Event::kBroken:
          outcome.problem = reader.problem();
          return outcome;
      }
    }
  }
  EXPECT_EQ(reader.at_end(), outcome.at_end);
  return outcome;
}

/// The same however it is cut.
Outcome read_in_every_way(std::string_view archive) {
  const Outcome whole = read(archive);
  for (const size_t piece : {1, 2, 3, 7, 30, 31}) {
    for (const size_t room : {1, 5, 4096}) {
      EXPECT_EQ(read(archive, piece, room), whole) << piece << ' ' << room;
    }
  }
  return whole;
}

std::string problem_of(const ZipMember& member) {
  return read_in_every_way(zipped({member})).problem;
}

const std::string kLong = std::string(300, 'a') + "bc" + std::string(300, 'd');

TEST(ZipReader, MembersOfEveryWriter) {
  const std::string counted = std::string(1, '\x05') + "four";
  for (const bool wide : {false, true}) {
    const Outcome outcome = read_in_every_way(zipped(
        {{.name = "stored", .content = kLong, .wide = wide},
         {.name = "empty", .content = "", .wide = wide},
         {.name = "deflated", .content = kLong, .deflated = true, .wide = wide},
         {.name = "behind", .content = kLong, .deflated = true, .descriptor = true, .wide = wide},
         {.name = "counted", .content = counted, .descriptor = true, .wide = wide},
         {.name = "unmarked",
          .content = counted,
          .descriptor = true,
          .descriptor_mark = false,
          .wide = wide},
         {.name = "nothing", .content = "", .deflated = true, .wide = wide}},
        wide, wide ? "a comment" : ""));
    EXPECT_EQ(outcome.problem, "");
    EXPECT_TRUE(outcome.at_end);
    const std::vector<std::pair<std::string, std::string>> expected = {
        {"stored", kLong},    {"empty", ""},         {"deflated", kLong}, {"behind", kLong},
        {"counted", counted}, {"unmarked", counted}, {"nothing", ""}};
    EXPECT_EQ(outcome.members, expected);
    EXPECT_EQ(outcome.begun.front(), 0U);
  }
}

TEST(ZipReader, AnArchiveMayBeEmpty) {
  const Outcome outcome = read_in_every_way(zipped({}));
  EXPECT_TRUE(outcome.at_end);
  EXPECT_TRUE(outcome.members.empty());
}

TEST(ZipReader, WhatIsWrongIsSaid) {
  EXPECT_EQ(read("no archive").problem, "it does not begin as a ZIP archive does");
  EXPECT_EQ(read(zipped({}) + "x").problem, "more bytes follow its end");
  EXPECT_EQ(problem_of({.name = "m", .content = kLong, .crc_change = 1}), "its checksum is wrong");
  EXPECT_EQ(problem_of({.name = "m", .content = kLong, .deflated = true, .crc_change = 1}),
            "its checksum is wrong");
  EXPECT_EQ(problem_of({.name = "m", .content = kLong, .deflated = true, .size_change = 1}),
            "its length is not what the archive says");
  EXPECT_EQ(
      problem_of(
          {.name = "m", .content = kLong, .deflated = true, .descriptor = true, .size_change = 1}),
      "its length is not what the archive says");
  EXPECT_EQ(problem_of({.name = "m", .content = kLong, .flags = 1}), "it is encrypted");
  EXPECT_EQ(problem_of({.name = "m", .content = kLong, .method_change = 12}),
            "its members are neither stored nor deflated");
  EXPECT_EQ(problem_of({.name = "m", .content = "\x06\xff no", .method_change = 8}),
            "it is no deflate stream");
  EXPECT_EQ(
      problem_of(
          {.name = "m", .content = test::bare_deflate(kLong).substr(0, 6), .method_change = 8}),
      "it ends before its deflate stream does");
  EXPECT_EQ(problem_of({.name = std::string(2000, 'n'), .content = kLong}),
            "the name of a member is longer than 1 KiB");
}

TEST(ZipReader, NoTruncationIsAnEnd) {
  const std::string archive =
      zipped({{.name = "a", .content = kLong, .deflated = true, .descriptor = true},
              {.name = "b", .content = "short", .wide = true}},
             true);
  for (size_t size = 0; size < archive.size(); ++size) {
    EXPECT_FALSE(read(std::string_view(archive).substr(0, size)).at_end) << size;
  }
}

}  // namespace
}  // namespace ringmaker::wire
