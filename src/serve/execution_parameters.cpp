#include "serve/execution_parameters.h"

#include "wire/json_writer.h"

#include <algorithm>
#include <cstdint>

namespace ringmaker::serve {
namespace {

constexpr uint64_t kMebibyte = uint64_t{1} << 20;
/// Mebibytes in flight that the platform allows.
constexpr uint64_t kInFlightMax = 100;
/// What the platform takes where nobody says; larger requests gain nothing here.
constexpr uint64_t kPayloadDefault = 6;
/// A request a shard is worked on while another one travels.
constexpr uint64_t kRequestsPerShard = 2;

}  // namespace

std::string execution_parameters(const config::ServeOptions& options, size_t shards) {
  const uint64_t payload =
      options.body_bytes_max != 0
          ? std::clamp<uint64_t>(options.body_bytes_max / kMebibyte, 1, kInFlightMax)
          : kPayloadDefault;
  const uint64_t requests =
      std::clamp<uint64_t>(kRequestsPerShard * shards, 1, kInFlightMax / payload);
  std::string text;
  wire::JsonWriter(text)
      .begin_object()
      .member("MaxConcurrentTransforms", requests)
      // The SDK's local mode fails at the spelling that the platform documents, and says True where
      // the platform says true.
      .member("BatchStrategy",
              options.batch == config::ServeOptions::Batch::kLocal ? "MultiRecord" : "MULTI_RECORD")
      .member("MaxPayloadInMB", payload)
      .end_object();
  return text;
}

}  // namespace ringmaker::serve
