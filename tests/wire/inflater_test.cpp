// Streams of every coding, whole and broken, in pieces and steps of any size.
#include "wire/inflater.h"

#include "tests/support/coded.h"

#include <gtest/gtest.h>
#include <zstd.h>

#include <memory>
#include <random>

namespace ringmaker::wire {
namespace {

using test::bare_deflate;
using test::coded;

struct Outcome {
  std::string text;
  std::string problem;
  bool at_end = false;
};

Outcome inflate(Inflater& inflater, std::string_view stream, size_t piece_bytes = SIZE_MAX,
                size_t step_bytes = 4096) {
  inflater.reset();
  Outcome outcome;
  const auto out = std::make_unique<char[]>(step_bytes);
  for (size_t at = 0; at < stream.size();) {
    const size_t size = std::min(piece_bytes, stream.size() - at);
    // A heap block of its own that is gone afterwards.
    const auto piece = std::make_unique<char[]>(size);
    std::copy_n(stream.data() + at, size, piece.get());
    at += size;
    std::string_view rest(piece.get(), size);
    for (bool more = true; more;) {
      const InflateStep step = inflater.step(rest, {out.get(), step_bytes});
      outcome.text.append(out.get(), step.produced);
      EXPECT_LE(step.consumed, rest.size());
      rest.remove_prefix(step.consumed);
      if (step.broken) {
        outcome.problem = inflater.problem();
        EXPECT_FALSE(outcome.problem.empty());
        return outcome;
      }
      more = step.produced == step_bytes;
      EXPECT_TRUE(more || rest.empty()) << "a step stops for a full buffer alone";
    }
  }
  outcome.at_end = inflater.at_end();
  return outcome;
}

/// Text that codings make much smaller, and noise that they do not.
std::string sample(size_t bytes) {
  std::mt19937 random(7);
  std::string text;
  while (text.size() < bytes) {
    text += std::to_string(random() % 1000) + (random() % 8 == 0 ? "\n" : ",");
    text += random() % 64 == 0 ? std::string(200, '0') : "";
  }
  text.resize(bytes);
  return text;
}

class EveryCoding : public testing::TestWithParam<Coding> {};
INSTANTIATE_TEST_SUITE_P(Codings, EveryCoding,
                         testing::Values(Coding::kGzip, Coding::kDeflate, Coding::kZstd),
                         [](const auto& coding) { return std::string(name(coding.param)); });

TEST_P(EveryCoding, TextComesBackWhateverThePiecesAndSteps) {
  const auto inflater = make_inflater(GetParam());
  for (const size_t bytes : {0, 1, 100, 4096, 300'000}) {
    const std::string text = sample(bytes);
    const std::string stream = coded(GetParam(), text);
    for (const size_t piece : {size_t{1}, size_t{7}, size_t{1000}, SIZE_MAX}) {
      for (const size_t step : {size_t{1}, size_t{64}, size_t{4096}, size_t{1} << 20U}) {
        if (bytes > 10'000 && piece * step < 4000) {
          continue;
        }
        const Outcome outcome = inflate(*inflater, stream, piece, step);
        EXPECT_TRUE(outcome.at_end) << bytes << " bytes, pieces of " << piece;
        EXPECT_EQ(outcome.problem, "");
        EXPECT_TRUE(outcome.text == text) << bytes << " bytes, pieces of " << piece;
      }
    }
  }
}

TEST_P(EveryCoding, EveryTruncationIsNoticed) {
  const auto inflater = make_inflater(GetParam());
  const std::string stream = coded(GetParam(), sample(500));
  for (size_t bytes = 0; bytes < stream.size(); ++bytes) {
    const Outcome outcome = inflate(*inflater, std::string_view(stream).substr(0, bytes));
    EXPECT_FALSE(outcome.at_end) << bytes;
  }
}

TEST_P(EveryCoding, ABrokenStreamSaysWhyAndTheNextIsReadAnew) {
  const auto inflater = make_inflater(GetParam());
  EXPECT_NE(inflate(*inflater, "\x01\x02\x03\x04 no stream at all").problem, "");
  const std::string text = sample(2000);
  EXPECT_EQ(inflate(*inflater, coded(GetParam(), text)).text, text);
}

TEST_P(EveryCoding, AFewBytesThatStandForManyComeAStepAtATime) {
  const auto inflater = make_inflater(GetParam());
  std::string zeroes;
  zeroes.resize(50'000'000, '0');
  const std::string bomb = coded(GetParam(), zeroes);
  ASSERT_LT(bomb.size(), 60'000U);
  inflater->reset();
  char out[1024];
  const InflateStep step = inflater->step(bomb, out);
  EXPECT_EQ(step.produced, sizeof out);
  EXPECT_LT(inflater->bytes_held(), size_t{9} << 20U);
}

TEST(Inflater, StreamsOfGzipAndZstdFollowEachOther) {
  for (const Coding coding : {Coding::kGzip, Coding::kZstd}) {
    const auto inflater = make_inflater(coding);
    for (const size_t piece : {size_t{1}, SIZE_MAX}) {
      const Outcome outcome = inflate(
          *inflater, coded(coding, "1,2\n") + coded(coding, "") + coded(coding, "3,4\n"), piece);
      EXPECT_EQ(outcome.text, "1,2\n3,4\n");
      EXPECT_TRUE(outcome.at_end);
    }
    EXPECT_NE(inflate(*inflater, coded(coding, "1,2\n") + "more").problem, "");
  }
  const auto deflate = make_inflater(Coding::kDeflate);
  EXPECT_EQ(inflate(*deflate, coded(Coding::kDeflate, "1,2\n") + "x").problem,
            "more bytes follow its end");
}

TEST(Inflater, DeflateIsReadWithItsWrappingAndWithout) {
  const auto inflater = make_inflater(Coding::kDeflate);
  for (const std::string& text : {std::string("1,2\n"), sample(100'000)}) {
    const Outcome bare = inflate(*inflater, bare_deflate(text), 3);
    EXPECT_EQ(bare.text, text);
    EXPECT_TRUE(bare.at_end);
    EXPECT_EQ(inflate(*inflater, coded(Coding::kDeflate, text), 3).text, text);
  }
}

TEST(Inflater, AFlippedBitIsNoticedByTheChecksum) {
  const auto inflater = make_inflater(Coding::kGzip);
  const std::string whole = coded(Coding::kGzip, sample(200));
  for (size_t bit = 8 * 10; bit < 8 * whole.size(); ++bit) {
    std::string damaged = whole;
    damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1U << (bit % 8)));
    const Outcome outcome = inflate(*inflater, damaged);
    // The bits that fill the last byte before the checksum mean nothing.
    EXPECT_TRUE(!outcome.at_end || outcome.text == sample(200)) << bit;
  }
}

TEST(Inflater, AZstdWindowAboveEightMebibytesIsRefused) {
  const auto with_window = [](int log) {
    ZSTD_CCtx* state = ::ZSTD_createCCtx();
    ::ZSTD_CCtx_setParameter(state, ZSTD_c_windowLog, log);
    ::ZSTD_CCtx_setParameter(state, ZSTD_c_contentSizeFlag, 0);
    const std::string text = sample(1000);
    std::string out(::ZSTD_compressBound(text.size()), '\0');
    ZSTD_inBuffer in{text.data(), text.size(), 0};
    ZSTD_outBuffer made{out.data(), out.size(), 0};
    // Given in two steps, so that it cannot know that the text is shorter than the window.
    in.size = 500;
    ::ZSTD_compressStream2(state, &made, &in, ZSTD_e_continue);
    in.size = text.size();
    ::ZSTD_compressStream2(state, &made, &in, ZSTD_e_end);
    ::ZSTD_freeCCtx(state);
    out.resize(made.pos);
    return out;
  };
  const auto inflater = make_inflater(Coding::kZstd);
  EXPECT_TRUE(inflate(*inflater, with_window(23)).at_end);
  EXPECT_EQ(inflate(*inflater, with_window(24)).problem, "its window is larger than 8 MiB");
}

TEST(Inflater, FilesSayTheirCodingByTheirFirstBytes) {
  EXPECT_EQ(coding_of(coded(Coding::kGzip, "x")), Coding::kGzip);
  EXPECT_EQ(coding_of(coded(Coding::kZstd, "x")), Coding::kZstd);
  EXPECT_EQ(coding_of("1,2\n"), std::nullopt);
  EXPECT_EQ(coding_of("\x1f"), std::nullopt);
}

TEST(Inflater, CodingsAreNamedInAnyCase) {
  EXPECT_EQ(coding_named("gzip"), Coding::kGzip);
  EXPECT_EQ(coding_named("X-GZip"), Coding::kGzip);
  EXPECT_EQ(coding_named("Deflate"), Coding::kDeflate);
  EXPECT_EQ(coding_named("zstd"), Coding::kZstd);
  for (const char* other : {"", "br", "compress", "identity", "gzip, gzip"}) {
    EXPECT_EQ(coding_named(other), std::nullopt);
  }
}

TEST(Inflater, OfAMemberStopsBehindItsEndAndLeavesTheRest) {
  const auto inflater = make_member_inflater();
  const std::string text = sample(5000);
  for (int time = 0; time < 2; ++time) {
    const std::string stream = bare_deflate(text);
    const std::string followed = stream + "PK";
    inflater->reset();
    std::string out(2 * text.size(), '\0');
    const InflateStep step = inflater->step(followed, out);
    EXPECT_EQ(step.consumed, stream.size());
    EXPECT_EQ(out.substr(0, step.produced), text);
    EXPECT_TRUE(inflater->at_end());
    EXPECT_FALSE(step.broken);
    EXPECT_EQ(inflater->step("PK", out).consumed, 0U);
  }
}

TEST(Inflater, TheChecksumIsThatOfZipAndGoesOnFromPieceToPiece) {
  EXPECT_EQ(crc32(0, "123456789"), 0xcbf43926U);
  EXPECT_EQ(crc32(crc32(0, "1234"), "56789"), 0xcbf43926U);
}

}  // namespace
}  // namespace ringmaker::wire
