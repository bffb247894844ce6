// From what the user says to what a shard, and the keeper of models, is made with.
#pragma once

#include "base/result.h"
#include "codec/selected/output_selection.h"
#include "config/serve_options.h"
#include "serve/model_keeper.h"
#include "serve/shard.h"

#include <cstddef>
#include <cstdint>

namespace ringmaker::serve {

/// Bytes that all shards together may hold for requests.
[[nodiscard]] uint64_t held_bytes_max(const config::ServeOptions& options);

/// For each of so many shards. kInvalidInput where a media type or an output is named that cannot
/// be given; the error says by which option or variable.
[[nodiscard]] base::Result<ShardOptions> make_shard_options(const config::ServeOptions& options,
                                                            size_t shards);

/// `placement` must outlive the keeper.
[[nodiscard]] ModelKeeperOptions make_keeper_options(const config::ServeOptions& options,
                                                     const codec::OutputSelection& outputs,
                                                     size_t shards, const Placement& placement);

}  // namespace ringmaker::serve
