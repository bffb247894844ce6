// What a batch transform job is told.
#include "serve/execution_parameters.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ringmaker::serve {
namespace {

using config::ServeOptions;
using testing::HasSubstr;

constexpr uint64_t kMebibyte = uint64_t{1} << 20;

TEST(ExecutionParameters, RequestsInFlightNeverExceedWhatThePlatformAllows) {
  EXPECT_EQ(execution_parameters({}, 2),
            R"({"MaxConcurrentTransforms":4,"BatchStrategy":"MULTI_RECORD","MaxPayloadInMB":6})");
  EXPECT_THAT(execution_parameters({}, 1), HasSubstr(R"("MaxConcurrentTransforms":2,)"));
  EXPECT_THAT(execution_parameters({}, 64), HasSubstr(R"("MaxConcurrentTransforms":16,)"));
}

TEST(ExecutionParameters, ThePayloadIsWhatABodyMayHave) {
  const auto given = [](uint64_t bytes) {
    ServeOptions options;
    options.body_bytes_max = bytes;
    return execution_parameters(options, 4);
  };
  EXPECT_THAT(given(20 * kMebibyte),
              HasSubstr(R"("MaxConcurrentTransforms":5,"BatchStrategy":"MULTI_RECORD",)"
                        R"("MaxPayloadInMB":20})"));
  EXPECT_THAT(given(1000 * kMebibyte), HasSubstr(R"("MaxConcurrentTransforms":1,)"));
  EXPECT_THAT(given(1000 * kMebibyte), HasSubstr(R"("MaxPayloadInMB":100})"));
  EXPECT_THAT(given(1000), HasSubstr(R"("MaxPayloadInMB":1})"));
}

TEST(ExecutionParameters, LocalModeIsSpokenToInItsOwnSpelling) {
  const auto strategy = [](ServeOptions::Batch batch) {
    ServeOptions options;
    options.batch = batch;
    return execution_parameters(options, 1);
  };
  EXPECT_THAT(strategy(ServeOptions::Batch::kNone), HasSubstr("\"MULTI_RECORD\""));
  EXPECT_THAT(strategy(ServeOptions::Batch::kPlatform), HasSubstr("\"MULTI_RECORD\""));
  EXPECT_THAT(strategy(ServeOptions::Batch::kLocal), HasSubstr("\"MultiRecord\""));
}

}  // namespace
}  // namespace ringmaker::serve
