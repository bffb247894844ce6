#include "tests/support/coded.h"

#include <gtest/gtest.h>
#include <zlib.h>
#include <zstd.h>

namespace ringmaker::test {
namespace {

std::string deflated(std::string_view text, int window_bits) {
  z_stream state{};
  EXPECT_EQ(::deflateInit2(&state, 6, Z_DEFLATED, window_bits, 8, Z_DEFAULT_STRATEGY), Z_OK);
  std::string in(text);
  std::string out(::deflateBound(&state, in.size()), '\0');
  state.next_in = reinterpret_cast<Bytef*>(in.data());
  state.avail_in = static_cast<uInt>(in.size());
  state.next_out = reinterpret_cast<Bytef*>(out.data());
  state.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(::deflate(&state, Z_FINISH), Z_STREAM_END);
  out.resize(state.total_out);
  ::deflateEnd(&state);
  return out;
}

}  // namespace

std::string coded(wire::Coding coding, std::string_view text) {
  if (coding == wire::Coding::kZstd) {
    std::string out(::ZSTD_compressBound(text.size()), '\0');
    out.resize(::ZSTD_compress(out.data(), out.size(), text.data(), text.size(), 3));
    return out;
  }
  return deflated(text, coding == wire::Coding::kGzip ? MAX_WBITS + 16 : MAX_WBITS);
}

std::string bare_deflate(std::string_view text) { return deflated(text, -MAX_WBITS); }

}  // namespace ringmaker::test
