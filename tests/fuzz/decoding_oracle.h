// What the payload fuzzers check: rows and errors do not depend on how the payload was cut, on the
// size of slices or blocks, nor on the decoder's past.
#pragma once

#include "base/check.h"
#include "codec/decoder.h"
#include "data/block_writer.h"
#include "data/dense_block.h"

#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace ringmaker::codec {

struct Decoded {
  std::vector<float> values;
  DecodeError error;
};

inline Decoded decode_cut(Decoder& decoder, size_t width, std::string_view payload, size_t cut,
                          size_t rows_max, size_t capacity, const PayloadOptions& options = {}) {
  decoder.reset(options);
  Decoded decoded;
  data::DenseBlock block(width, capacity);
  const std::string_view pieces[] = {payload.substr(0, cut), payload.substr(cut)};
  for (size_t i = 0; i < 2; ++i) {
    // An exact-size heap copy that is gone afterwards.
    const auto copy = std::make_unique<char[]>(pieces[i].size());
    std::memcpy(copy.get(), pieces[i].data(), pieces[i].size());
    std::string_view rest(copy.get(), pieces[i].size());
    for (DecodeStatus status = DecodeStatus::kPaused;
         status == DecodeStatus::kPaused || status == DecodeStatus::kBlockFull;) {
      data::BlockWriter writer(block);
      const DecodeProgress progress = decoder.decode(rest, i == 1, rows_max, writer);
      RM_CHECK(progress.consumed <= rest.size());
      RM_CHECK(progress.rows == writer.rows_written());
      RM_CHECK(progress.rows <= rows_max);
      rest.remove_prefix(progress.consumed);
      status = progress.status;
      const float* values = block.view().values;
      decoded.values.insert(decoded.values.end(), values, values + block.rows() * width);
      block.resize(0);
      if (status == DecodeStatus::kError) {
        decoded.error = decoder.error();
        RM_CHECK(decoded.error.code != DecodeErrorCode::kNone);
        RM_CHECK(decoded.error.byte <= payload.size());
        return decoded;
      }
    }
    RM_CHECK(rest.empty());
  }
  return decoded;
}

inline void check_same(const Decoded& a, const Decoded& b) {
  RM_CHECK(a.values.size() == b.values.size());
  RM_CHECK(a.values.empty() ||
           std::memcmp(a.values.data(), b.values.data(), a.values.size() * sizeof(float)) == 0);
  RM_CHECK(a.error.code == b.error.code);
  RM_CHECK(a.error.row == b.error.row);
  RM_CHECK(a.error.column == b.error.column);
  RM_CHECK(a.error.byte == b.error.byte);
  RM_CHECK(a.error.found == b.error.found);
  RM_CHECK(a.error.text == b.error.text);
}

/// A text, a number, and a category whose text may also come as its code.
inline data::Schema schema_of_texts() {
  data::Schema schema;
  schema.feature_names = {"colour", "mass", "size"};
  schema.category_names = {{"red", "", "12"}, {}, {"S", "L"}};
  schema.text_features = {true, false, false};
  return schema;
}

/// The first bytes of the input choose width, cut and sizes; the rest is the payload.
inline void fuzz_decoder(Format format, const uint8_t* data, size_t size,
                         const PayloadOptions& options = {}) {
  if (size < 4) {
    return;
  }
  static const std::vector<data::Schema> kSchemas = [] {
    std::vector<data::Schema> made(3);
    made[0].feature_names = {"a"};
    made[1].feature_names = {"a", "b", "c"};
    made[1].missing_markers = {"?", "-9"};
    for (size_t k = 0; k < 20; ++k) {
      made[2].feature_names.push_back("f" + std::to_string(k));
    }
    return made;
  }();
  static const data::Schema kTexts = schema_of_texts();
  const data::Schema& schema = data[0] >= 0xF8 ? kTexts : kSchemas[data[0] % kSchemas.size()];
  const std::string_view payload(reinterpret_cast<const char*>(data) + 4, size - 4);
  const size_t cut = (data[1] * size_t{256} + data[2]) % (payload.size() + 1);
  const size_t width = schema.feature_count();
  const auto decoder = make_decoder(format, schema);
  const Decoded whole = decode_cut(*decoder, width, payload, 0, SIZE_MAX, 1000, options);
  check_same(decode_cut(*decoder, width, payload, cut, 1 + data[3] % 5, 1 + data[3] % 3, options),
             whole);
  check_same(decode_cut(*decoder, width, payload, payload.size(), SIZE_MAX, 1000, options), whole);
  RM_CHECK(!describe(whole.error, schema).empty());
}

}  // namespace ringmaker::codec
