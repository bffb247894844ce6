// The chunk framing of a body: data, verdicts and limits, whatever the cuts.
#include "http/chunked_body.h"

#include "http/limits.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

namespace ringmaker::http {
namespace {

using Verdict = ChunkedBody::Verdict;

struct Outcome {
  Verdict verdict = Verdict::kNeedMore;
  std::string data;
  size_t consumed = 0;

  friend bool operator==(const Outcome&, const Outcome&) = default;
  friend std::ostream& operator<<(std::ostream& out, const Outcome& outcome) {
    return out << "verdict " << static_cast<int>(outcome.verdict) << ", data \""
               << outcome.data.substr(0, 80) << "\", consumed " << outcome.consumed;
  }
};

Outcome take(std::string_view bytes, size_t piece = SIZE_MAX) {
  ChunkedBody body;
  Outcome outcome;
  while (outcome.consumed < bytes.size()) {
    const auto step = body.take(bytes.substr(outcome.consumed, piece));
    outcome.consumed += step.consumed;
    outcome.data += step.data;
    if (step.verdict == Verdict::kComplete || step.verdict == Verdict::kRefused) {
      outcome.verdict = step.verdict;
      EXPECT_EQ(body.refusal().status, step.verdict == Verdict::kRefused ? 400 : 0);
      return outcome;
    }
  }
  return outcome;
}

TEST(ChunkedBody, GivesTheDataAndLeavesWhatComesBehind) {
  const std::string body = "5\r\nhello\r\n6;name=value\r\n world\r\n0\r\nTrailer: x\r\n\r\n";
  EXPECT_EQ(take(body + "GET /"), (Outcome{Verdict::kComplete, "hello world", body.size()}));
}

TEST(ChunkedBody, EveryPieceSizeGivesTheSame) {
  const std::string body = "00A\r\n0123456789\r\n1;x\r\n!\r\n0;last\r\nA: b\r\nC: d\r\n\r\n";
  for (size_t piece = 1; piece <= body.size(); ++piece) {
    EXPECT_EQ(take(body, piece), (Outcome{Verdict::kComplete, "0123456789!", body.size()}))
        << piece;
  }
}

TEST(ChunkedBody, EveryByteIsWantedBeforeItIsComplete) {
  const std::string body = "3\r\nabc\r\n0\r\nT: x\r\n\r\n";
  for (size_t size = 0; size < body.size(); ++size) {
    EXPECT_EQ(take(body.substr(0, size)).verdict, Verdict::kNeedMore) << size;
  }
}

TEST(ChunkedBody, AnnouncesWhatIsStillToComeWithoutOverflow) {
  ChunkedBody body;
  (void)body.take("5\r\n");
  EXPECT_EQ(body.announced_bytes(), 5U);
  EXPECT_EQ(body.data_bytes(), 0U);
  (void)body.take("he");
  EXPECT_EQ(body.announced_bytes(), 5U);
  EXPECT_EQ(body.data_bytes(), 2U);
  (void)body.take("llo");
  (void)body.take("\r\nffffffffffffffff\r");
  EXPECT_EQ(body.announced_bytes(), 5U) << "a size is one at the end of its line";
  (void)body.take("\n");
  EXPECT_EQ(body.announced_bytes(), UINT64_MAX) << "not a small number";
}

struct Row {
  const char* name;
  std::string bytes;
  Verdict verdict;
};

class ChunkRow : public testing::TestWithParam<Row> {};

TEST_P(ChunkRow, HasOneVerdictWhateverThePieces) {
  const Row& row = GetParam();
  const Outcome whole = take(row.bytes);
  EXPECT_EQ(whole.verdict, row.verdict);
  for (const size_t piece : {1, 2, 3, 5, 64, 1000}) {
    EXPECT_EQ(take(row.bytes, piece), whole) << "in pieces of " << piece;
  }
}

std::vector<Row> rows() {
  using std::string_literals::operator""s;
  constexpr Verdict kYes = Verdict::kComplete;
  constexpr Verdict kNo = Verdict::kRefused;
  const auto line = [](size_t bytes) {
    return "5;" + std::string(bytes - 2, 'e') + "\r\nhello\r\n0\r\n\r\n";
  };
  const auto trailers = [](size_t bytes) {
    return "0\r\nT:" + std::string(bytes - 6, 't') + "\r\n\r\n";
  };
  return {
      {"Empty", "0\r\n\r\n", kYes},
      {"ManyZeroes", "0000000000000000\r\n\r\n", kYes},
      {"SixteenDigits", "0000000000000001\r\nx\r\n0\r\n\r\n", kYes},
      {"SeventeenDigits", "00000000000000001\r\nx\r\n0\r\n\r\n", kNo},
      {"AnyCaseOfHex", "a\r\n0123456789\r\nA\r\n0123456789\r\n0\r\n\r\n", kYes},
      {"NotHex", "g\r\n", kNo},
      {"Sign", "+1\r\nx\r\n", kNo},
      {"Minus", "-1\r\nx\r\n", kNo},
      {"Prefix", "0x1\r\nx\r\n", kNo},
      {"BlankBefore", " 1\r\nx\r\n", kNo},
      {"BlankBehind", "1 \r\nx\r\n", kNo},
      {"TabBehind", "1\t\r\nx\r\n", kNo},
      {"BlankBeforeExtension", "1 ;e\r\nx\r\n", kNo},
      {"NoSize", "\r\n", kNo},
      {"OnlyExtension", ";e\r\n", kNo},
      {"SizeEndsInLf", "1\nx\r\n0\r\n\r\n", kNo},
      {"SizeEndsInCrX", "1\rXx\r\n0\r\n\r\n", kNo},
      {"ExtensionEndsInLf", "1;e\nx\r\n0\r\n\r\n", kNo},
      {"ExtensionEndsInCrX", "1;e\rXx\r\n0\r\n\r\n", kNo},
      {"NulInExtension", "1;\0\r\nx\r\n0\r\n\r\n"s, kNo},
      {"HighBytesInExtension", "1;\xff\r\nx\r\n0\r\n\r\n", kYes},
      {"DataWithoutCrLf", "1\r\nxXX0\r\n\r\n", kNo},
      {"DataEndsInLf", "1\r\nx\n0\r\n\r\n", kNo},
      {"DataEndsInCrX", "1\r\nx\rX0\r\n\r\n", kNo},
      {"DataLongerThanSaid", "1\r\nxy\r\n0\r\n\r\n", kNo},
      {"EndsInLf", "0\r\n\n", kNo},
      {"EndsInCrX", "0\r\n\rX", kNo},
      {"TrailerEndsInLf", "0\r\nA: b\n\r\n", kNo},
      {"TrailerEndsInCrX", "0\r\nA: b\rX\r\n", kNo},
      {"TrailerFolded", "0\r\nA: b\r\n c\r\n\r\n", kNo},
      {"TrailerWithoutName", "0\r\n: b\r\n\r\n", kNo},
      {"TrailerWithoutColon", "0\r\nA b\r\n\r\n", kNo},
      {"TrailerOfANameAlone", "0\r\nA\r\n\r\n", kNo},
      {"TrailerWithBlankBeforeColon", "0\r\nA : b\r\n\r\n", kNo},
      {"TrailerWithoutValue", "0\r\nA:\r\n\r\n", kYes},
      {"NulInTrailer", "0\r\nA: \0\r\n\r\n"s, kNo},
      {"LineAtTheLimit", line(kChunkLineBytesMax), kYes},
      {"LineOverTheLimit", line(kChunkLineBytesMax + 1), kNo},
      {"TrailersAtTheLimit", trailers(kTrailerBytesMax), kYes},
      {"TrailersOverTheLimit", trailers(kTrailerBytesMax + 1), kNo},
  };
}

INSTANTIATE_TEST_SUITE_P(Shapes, ChunkRow, testing::ValuesIn(rows()),
                         [](const testing::TestParamInfo<Row>& row) { return row.param.name; });

/// `count` chunks of `size` bytes.
std::string chunks(size_t count, size_t size) {
  std::string text;
  const std::string data(size, 'd');
  char digits[20];
  std::snprintf(digits, sizeof digits, "%zx", size);
  for (size_t i = 0; i < count; ++i) {
    text += digits;
    text += "\r\n";
    text += data;
    text += "\r\n";
  }
  return text;
}

TEST(ChunkedBody, TinyChunksAreAllowedUntilTheirFramingPassesAHundredKilobytes) {
  constexpr size_t kFramingPerChunk = 5;  // of one byte
  constexpr size_t kFree = kChunkOverheadFree / kFramingPerChunk;
  EXPECT_EQ(take(chunks(kFree - 1, 1) + "0\r\n\r\n").verdict, Verdict::kComplete);
  EXPECT_EQ(take(chunks(kFree + 1, 1)).verdict, Verdict::kRefused);
}

TEST(ChunkedBody, FramingBeyondThatMayBeFourFifthsOfTheBody) {
  // A chunk of 2 bytes has 5 bytes of framing: 71 %. One of 1 byte: 83 %.
  EXPECT_EQ(take(chunks(60'000, 2) + "0\r\n\r\n").verdict, Verdict::kComplete);
  EXPECT_EQ(take(chunks(60'000, 1)).verdict, Verdict::kRefused);
  // What was carried before counts.
  EXPECT_EQ(take(chunks(1, 1'000'000) + chunks(40'000, 1) + "0\r\n\r\n").verdict,
            Verdict::kComplete);
}

}  // namespace
}  // namespace ringmaker::http
