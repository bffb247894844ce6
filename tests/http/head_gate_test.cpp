// What the head gate lets through, what it refuses and with which status, whatever the cuts.
#include "http/head_gate.h"

#include <gtest/gtest.h>

#include <memory>
#include <ostream>
#include <string>
#include <string_view>

namespace ringmaker::http {
namespace {

using Verdict = HeadGate::Verdict;

constexpr std::string_view kHost = "Host: x\r\n";

struct Outcome {
  Verdict verdict = Verdict::kNeedMore;
  int status = 0;
  size_t consumed = 0;  // 0 unless complete

  friend bool operator==(const Outcome&, const Outcome&) = default;
  friend std::ostream& operator<<(std::ostream& out, const Outcome& outcome) {
    return out << "verdict " << static_cast<int>(outcome.verdict) << ", status " << outcome.status
               << ", consumed " << outcome.consumed;
  }
};

/// `step` bytes more at each look; the bytes move in memory each time.
Outcome inspect(std::string_view bytes, size_t step = SIZE_MAX) {
  HeadGate gate;
  for (size_t have = std::min(step, bytes.size());; have = std::min(have + step, bytes.size())) {
    const std::string moved(bytes.substr(0, have));
    const Verdict verdict = gate.inspect(moved);
    if (verdict != Verdict::kNeedMore || have == bytes.size()) {
      return {verdict, gate.refusal().status,
              verdict == Verdict::kComplete ? gate.bytes_consumed() : 0};
    }
  }
}

Outcome complete(size_t consumed) { return {Verdict::kComplete, 0, consumed}; }
Outcome refused(int status) { return {Verdict::kRefused, status, 0}; }

std::string head(std::string_view request_line, std::string_view fields = kHost) {
  return std::string(request_line) + "\r\n" + std::string(fields) + "\r\n";
}

TEST(HeadGate, TellsTheParts) {
  const std::string bytes = "\r\nPOST /a?b HTTP/1.0\r\nA:  b c \t\r\nEmpty:\r\n\r\nbody";
  HeadGate gate;
  ASSERT_EQ(gate.inspect(bytes), Verdict::kComplete);
  EXPECT_EQ(gate.head_begin(), 2U);
  EXPECT_EQ(gate.method().of(bytes), "POST");
  EXPECT_EQ(gate.target().of(bytes), "/a?b");
  EXPECT_EQ(gate.version_minor(), 0);
  ASSERT_EQ(gate.fields().size(), 2U);
  EXPECT_EQ(gate.fields()[0].name.of(bytes), "A");
  EXPECT_EQ(gate.fields()[0].value.of(bytes), "b c");
  EXPECT_EQ(gate.fields()[1].name.of(bytes), "Empty");
  EXPECT_EQ(gate.fields()[1].value.of(bytes), "");
  EXPECT_EQ(bytes.substr(gate.bytes_consumed()), "body");
}

TEST(HeadGate, TakesOneHeadAndLeavesTheNext) {
  const std::string one = head("GET / HTTP/1.1");
  EXPECT_EQ(inspect(one + one), complete(one.size()));
}

TEST(HeadGate, IsFreshAfterReset) {
  HeadGate gate;
  EXPECT_EQ(gate.inspect("bad\n"), Verdict::kRefused);
  gate.reset();
  EXPECT_FALSE(gate.refusal());
  EXPECT_EQ(gate.inspect(head("GET / HTTP/1.1")), Verdict::kComplete);
  EXPECT_EQ(gate.fields().size(), 1U);
}

TEST(HeadGate, KnowsWhenThereAreOnlyEmptyLines) {
  HeadGate gate;
  EXPECT_TRUE(gate.only_empty_lines(""));
  EXPECT_FALSE(gate.only_empty_lines("GET")) << "not looked at yet";
  for (const std::string_view empty : {"\r", "\r\n", "\r\n\r"}) {
    EXPECT_EQ(gate.inspect(empty), Verdict::kNeedMore);
    EXPECT_TRUE(gate.only_empty_lines(empty)) << empty.size();
  }
  EXPECT_EQ(gate.inspect("\r\nG"), Verdict::kNeedMore);
  EXPECT_FALSE(gate.only_empty_lines("\r\nG"));
}

TEST(HeadGate, EveryByteOfAHeadIsWantedBeforeItIsComplete) {
  const std::string whole =
      "\r\n" + head("GET /abc HTTP/1.1", "Host: x\r\nLong-Name: long value\r\n");
  for (size_t size = 0; size < whole.size(); ++size) {
    EXPECT_EQ(inspect(whole.substr(0, size)), Outcome{}) << size;
  }
  EXPECT_EQ(inspect(whole), complete(whole.size()));
}

// ---- Limits, each on both sides

TEST(HeadGate, EightEmptyLinesAreTheMost) {
  std::string bytes = head("GET / HTTP/1.1");
  for (size_t lines = 0; lines <= kEmptyLinesMax; ++lines) {
    EXPECT_EQ(inspect(bytes), complete(bytes.size())) << lines;
    bytes.insert(0, "\r\n");
  }
  EXPECT_EQ(inspect(bytes), refused(400));
}

TEST(HeadGate, ARequestLineOf8KiBIsTheLongest) {
  const std::string frame = "GET / HTTP/1.1";
  const auto with_line_of = [&](size_t size) {
    return head("GET /" + std::string(size - frame.size(), 'p') + " HTTP/1.1");
  };
  const std::string longest = with_line_of(kRequestLineBytesMax);
  EXPECT_EQ(inspect(longest), complete(longest.size()));
  EXPECT_EQ(inspect(longest, 997), complete(longest.size()));
  EXPECT_EQ(inspect(with_line_of(kRequestLineBytesMax + 1)), refused(414));
  EXPECT_EQ(inspect(with_line_of(kRequestLineBytesMax + 1), 997), refused(414));
}

TEST(HeadGate, ATooLongRequestLineIsKnownBeforeItEnds) {
  const std::string target = "GET /" + std::string(kRequestLineBytesMax, 'p');
  EXPECT_EQ(inspect(target.substr(0, kRequestLineBytesMax)), Outcome{});
  EXPECT_EQ(inspect(target.substr(0, kRequestLineBytesMax + 1)), refused(414));
  EXPECT_EQ(inspect(std::string(kRequestLineBytesMax + 1, 'M')), refused(414)) << "a method, even";
}

TEST(HeadGate, AHeadOf32KiBIsTheLargest) {
  const std::string frame = head("GET / HTTP/1.1", "Host: x\r\nF: \r\n");
  const auto of = [&](size_t size) {
    return head("GET / HTTP/1.1",
                "Host: x\r\nF: " + std::string(size - frame.size(), 'v') + "\r\n");
  };
  ASSERT_EQ(of(kHeadBytesMax).size(), kHeadBytesMax);
  EXPECT_EQ(inspect(of(kHeadBytesMax)), complete(kHeadBytesMax));
  EXPECT_EQ(inspect("\r\n" + of(kHeadBytesMax)), complete(kHeadBytesMax + 2))
      << "empty lines before it do not count";
  EXPECT_EQ(inspect(of(kHeadBytesMax), 4'096), complete(kHeadBytesMax));
  EXPECT_EQ(inspect(of(kHeadBytesMax + 1)), refused(431));
  EXPECT_EQ(inspect(of(kHeadBytesMax + 1), 4'096), refused(431));
}

TEST(HeadGate, ATooLargeHeadIsKnownBeforeItEnds) {
  const std::string endless = "GET / HTTP/1.1\r\nF: " + std::string(kHeadBytesMax, 'v');
  EXPECT_EQ(inspect(endless.substr(0, kHeadBytesMax - 1)), Outcome{});
  EXPECT_EQ(inspect(endless.substr(0, kHeadBytesMax)), refused(431));
}

TEST(HeadGate, AHundredFieldsAreTheMost) {
  std::string fields;
  for (size_t i = 0; i < kFieldsMax; ++i) {
    fields += "F: v\r\n";
  }
  const std::string most = head("GET / HTTP/1.1", fields);
  EXPECT_EQ(inspect(most), complete(most.size()));
  EXPECT_EQ(inspect(head("GET / HTTP/1.1", fields + "F: v\r\n")), refused(431));
}

// ---- Shapes

struct Row {
  const char* name;
  std::string bytes;
  int status;  // 0: let through
};

class HeadGateRow : public testing::TestWithParam<Row> {};

TEST_P(HeadGateRow, HasOneVerdictWhateverTheCuts) {
  const Row& row = GetParam();
  const Outcome whole = inspect(row.bytes);
  EXPECT_EQ(whole, row.status == 0 ? complete(row.bytes.size()) : refused(row.status));
  for (size_t step = 1; step < 12; ++step) {
    EXPECT_EQ(inspect(row.bytes, step), whole) << "in pieces of " << step;
  }
}

std::vector<Row> rows() {
  using std::string_literals::operator""s;
  const auto field = [](const std::string& line) { return head("GET / HTTP/1.1", line); };
  return {
      {"Plain", head("GET / HTTP/1.1"), 0},
      {"NoFields", head("GET / HTTP/1.0", ""), 0},
      {"AnyTokenAsMethod", head("M-SEARCH!#$%&'*+.^_`|~ / HTTP/1.1"), 0},
      {"AnyTokenAsName", field("!#$%&'*+-.^_`|~09azAZ: v\r\n"), 0},
      {"HighBytesInValue", field("A: \xc3\xa4\xff\r\n"), 0},
      {"TabInValue", field("A: b\tc\r\n"), 0},
      {"OddTarget", head("GET \"<>\\^`{|}~ HTTP/1.1"), 0},

      {"BareLfBeforeRequest", "\n" + head("GET / HTTP/1.1"), 400},
      {"CrXBeforeRequest", "\rX" + head("GET / HTTP/1.1"), 400},
      {"BlankBeforeMethod", head(" GET / HTTP/1.1"), 400},
      {"TabAfterMethod", head("GET\t/ HTTP/1.1"), 400},
      {"NoTarget", head("GET  HTTP/1.1"), 400},
      {"SeveralBlanks", head("GET /  HTTP/1.1"), 400},
      {"BlankAtTheEnd", head("GET / HTTP/1.1 "), 400},
      {"BadMethodByte", head("G{T / HTTP/1.1"), 400},
      {"HighByteInTarget", head("GET /\xc3\xa4 HTTP/1.1"), 400},
      {"DelInTarget", head("GET /\x7f HTTP/1.1"), 400},
      {"NulInTarget", head("GET /\0 HTTP/1.1"s), 400},
      {"TabInTarget", head("GET /\t HTTP/1.1"), 400},
      {"Http09", "GET /\r\n\r\n", 400},
      {"Http09WithFields", "GET /\r\nHost: x\r\n\r\n", 400},
      {"LowerCaseVersion", head("GET / http/1.1"), 400},
      {"Ice", head("GET / ICE/1.0"), 400},
      {"Rtsp", head("GET / RTSP/1.0"), 400},
      {"VersionWithTwoDigits", head("GET / HTTP/1.10"), 400},
      {"VersionWithoutMinor", head("GET / HTTP/1"), 400},
      {"Http20", head("GET / HTTP/2.0"), 505},
      {"Http12", head("GET / HTTP/1.2"), 505},
      {"Http00", head("GET / HTTP/0.9"), 505},
      {"LfAfterRequestLine", "GET / HTTP/1.1\nHost: x\r\n\r\n", 400},
      {"CrXAfterRequestLine", "GET / HTTP/1.1\rXHost: x\r\n\r\n", 400},

      {"EmptyName", field(": v\r\n"), 400},
      {"BlankBeforeColon", field("A : v\r\n"), 400},
      {"TabBeforeColon", field("A\t: v\r\n"), 400},
      {"BlankInName", field("A B: v\r\n"), 400},
      {"NoColon", field("A\r\n"), 400},
      {"FoldedWithBlank", field("A: v\r\n w\r\n"), 400},
      {"FoldedWithTab", field("A: v\r\n\tw\r\n"), 400},
      {"BlankBeforeFirstField", field(" A: v\r\n"), 400},
      {"NulInName", field("A\0: v\r\n"s), 400},
      {"NulInValue", field("A: v\0\r\n"s), 400},
      {"DelInValue", field("A: v\x7f\r\n"), 400},
      {"EscapeInValue", field("A: v\x1b\r\n"), 400},
      {"BareCrInValue", field("A: v\rw\r\n"), 400},
      {"BareLfInValue", field("A: v\nB: w\r\n"), 400},
      {"CrInsteadOfCrLfAfterEmptyValue", field("A:\rB: w\r\n"), 400},
      {"HighByteInName", field("\xc3\xa4: v\r\n"), 400},
      {"EndsInLf", "GET / HTTP/1.1\r\nHost: x\r\n\n", 400},
      {"EndsInCrX", "GET / HTTP/1.1\r\nHost: x\r\n\rX", 400},
      {"LastLineEndsInLf", "GET / HTTP/1.1\r\nHost: x\n\r\n", 400},
      {"LfAfterManyEightBytes", field("A: 0123456789abcdef0123456789\n\r\n"), 400},
  };
}

INSTANTIATE_TEST_SUITE_P(Shapes, HeadGateRow, testing::ValuesIn(rows()),
                         [](const testing::TestParamInfo<Row>& row) { return row.param.name; });

/// Eight bytes are looked at a time; a bad byte is found at each of the eight places, and beyond.
TEST(HeadGate, ABadByteIsFoundWhereverItStands) {
  for (size_t at = 0; at < 40; ++at) {
    for (int byte = 0; byte < 256; ++byte) {
      const auto c = static_cast<char>(byte);
      std::string value(40, 'v');
      value[at] = c;
      const bool text = c == '\t' || (byte >= 0x20 && byte != 0x7f);
      EXPECT_EQ(inspect(head("GET / HTTP/1.1", "A:" + value + "\r\n")).status, text ? 0 : 400)
          << "byte " << byte << " of a value at " << at;
      const bool visible = byte > 0x20 && byte < 0x7f;
      EXPECT_EQ(inspect(head("GET /" + value + " HTTP/1.1")).status, visible ? 0 : 400)
          << "byte " << byte << " of a target at " << at;
    }
  }
}

}  // namespace
}  // namespace ringmaker::http
