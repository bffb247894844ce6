// Selected outputs as records.
#include "codec/selected/selected_recordio_encoder.h"

#include "tests/codec/recordio/recordio_payload.h"
#include "tests/codec/selected/selected_rows.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ringmaker::codec {
namespace {

TEST(SelectedRecordioEncoder, RecordsHaveAnEntryAField) {
  const auto entry = [](std::string_view name, const std::vector<float>& values) {
    return field(2, field(1, name) + field(2, field(2, packed_floats(1, values))));
  };
  EXPECT_EQ(encoded(Format::kRecordio, kThree, "predicted_label,raw_scores",
                    {{0.1F, 0.7F, 0.2F}, {-1, 3, 0}}),
            frame(entry("predicted_label", {1}) + entry("raw_scores", {-1, 3, 0})));
}

}  // namespace
}  // namespace ringmaker::codec
