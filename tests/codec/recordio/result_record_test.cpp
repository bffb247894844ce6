// One record of results, framed and padded.
#include "codec/recordio/result_record.h"

#include "tests/codec/recordio/recordio_payload.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace ringmaker::codec {
namespace {

TEST(ResultRecord, EntriesOfAnySizeStandInOneFrame) {
  for (const size_t count : {size_t{0}, size_t{1}, size_t{31}, size_t{32}, size_t{5'000}}) {
    const std::vector<float> values(count, 1.5F);
    std::string out = "before";
    ResultRecord record(out);
    record.open_entry("a", count);
    for (const float value : values) {
      record.append_value(value);
    }
    record.open_entry("probabilities", 1);
    record.append_value(2);
    record.close();
    const auto entry = [](std::string_view name, const std::vector<float>& numbers) {
      return field(2, field(1, name) + field(2, field(2, packed_floats(1, numbers))));
    };
    EXPECT_EQ(out, "before" + frame(entry("a", values) + entry("probabilities", {2}))) << count;
    EXPECT_LE(out.size(), 6 + ResultRecord::kFrameBytesMax + 2 * ResultRecord::kEntryBytesMax +
                              (count + 1) * sizeof(float));
  }
}

}  // namespace
}  // namespace ringmaker::codec
