// What decoder tests share: decoding a payload in any pieces, slices and blocks, and comparing.
#pragma once

#include "codec/decoder.h"
#include "data/block_writer.h"
#include "data/dense_block.h"

#include <gtest/gtest.h>

#include <cstring>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ringmaker::codec {

using Rows = std::vector<std::vector<float>>;
inline constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

inline data::Schema schema_of(std::vector<std::string> names) {
  return {.feature_names = std::move(names), .missing_markers = {}};
}

struct Outcome {
  Rows rows;
  DecodeError error;
  bool ignored_columns = false;
};

/// Rows equal with NaN equal to NaN, and the same error in the same place.
inline bool same(const Outcome& a, const Outcome& b) {
  if (a.rows.size() != b.rows.size() || a.error.code != b.error.code ||
      a.error.row != b.error.row || a.error.column != b.error.column ||
      a.error.byte != b.error.byte || a.error.text != b.error.text ||
      a.ignored_columns != b.ignored_columns) {
    return false;
  }
  for (size_t i = 0; i < a.rows.size(); ++i) {
    if (a.rows[i].size() != b.rows[i].size() ||
        std::memcmp(a.rows[i].data(), b.rows[i].data(), a.rows[i].size() * sizeof(float)) != 0) {
      return false;
    }
  }
  return true;
}

/// Decodes `payload` given in the pieces that `cuts` make of it, in slices of `rows_max` rows and
/// blocks of `capacity` rows. Every piece is a heap block of its own that is gone afterwards.
inline Outcome decode(Decoder& decoder, size_t width, std::string_view payload,
                      std::vector<size_t> cuts = {}, size_t rows_max = SIZE_MAX,
                      size_t capacity = 1000, const PayloadOptions& options = {}) {
  decoder.reset(options);
  Outcome outcome;
  data::DenseBlock block(width, capacity);
  const auto keep_rows = [&] {
    for (size_t i = 0; i < block.rows(); ++i) {
      outcome.rows.emplace_back(block.view().row(i), block.view().row(i) + width);
    }
    block.resize(0);
  };
  cuts.push_back(payload.size());
  size_t begin = 0;
  for (const size_t cut : cuts) {
    const size_t size = cut - begin;
    const auto piece = std::make_unique<char[]>(size);
    std::memcpy(piece.get(), payload.data() + begin, size);
    begin = cut;
    size_t at = 0;
    for (;;) {
      data::BlockWriter writer(block);
      const size_t before = block.rows();
      const DecodeProgress progress =
          decoder.decode({piece.get() + at, size - at}, cut == payload.size(), rows_max, writer);
      EXPECT_EQ(block.rows() - before, progress.rows);
      EXPECT_LE(progress.rows, rows_max);
      at += progress.consumed;
      EXPECT_LE(at, size);
      if (progress.status == DecodeStatus::kError) {
        keep_rows();
        outcome.error = decoder.error();
        outcome.ignored_columns = decoder.ignored_columns();
        return outcome;
      }
      if (progress.status == DecodeStatus::kBlockFull) {
        EXPECT_EQ(block.rows(), capacity);
        keep_rows();
        continue;
      }
      if (progress.status != DecodeStatus::kPaused) {
        EXPECT_EQ(at, size);
        EXPECT_EQ(progress.status == DecodeStatus::kDone, cut == payload.size());
        break;
      }
    }
  }
  keep_rows();
  outcome.ignored_columns = decoder.ignored_columns();
  return outcome;
}

/// The same wherever the payload is cut in two.
inline Outcome decode_cut_anywhere(Decoder& decoder, size_t width, std::string_view payload) {
  Outcome whole = decode(decoder, width, payload);
  for (size_t cut = 0; cut <= payload.size(); ++cut) {
    EXPECT_TRUE(same(decode(decoder, width, payload, {cut}), whole))
        << payload << " cut at " << cut;
  }
  return whole;
}

}  // namespace ringmaker::codec
