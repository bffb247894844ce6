// ModelLane: what one shard needs to run one model: its open batch, the blocks of its large
// payloads, its decoders and encoders.
//
// Built when a shard first meets a model and given up when others need the room, so that a process
// with thousands of models holds buffers for the few that are in use.
#pragma once

#include "batch/block_pool.h"
#include "batch/large_payload.h"
#include "batch/micro_batcher.h"
#include "codec/decoder.h"
#include "codec/encoder.h"
#include "codec/selected/output_selection.h"
#include "model/predictor.h"

#include <array>
#include <memory>
#include <utility>
#include <vector>

namespace ringmaker::serve {

/// Not thread-safe: one a shard and model. The predictor must outlive it.
class ModelLane {
 public:
  struct Room {
    size_t batch_rows = SIZE_MAX;  // until more are needed
    size_t blocks_kept_max = 32;   // of either kind, while no large payload needs them
  };
  ModelLane(const model::Predictor& predictor, const batch::BatchPolicy& policy, const Room& room,
            batch::LentBytes& lent);

  [[nodiscard]] const model::Predictor& predictor() const noexcept { return predictor_; }
  [[nodiscard]] batch::MicroBatcher& batcher() noexcept { return batcher_; }
  [[nodiscard]] batch::ScoringRate& rate() noexcept { return rate_; }
  /// Of what explains: a row takes many times as long.
  [[nodiscard]] batch::ScoringRate& explaining_rate() noexcept { return explaining_rate_; }
  /// Of such values; made for the first who asks.
  [[nodiscard]] batch::BlockPool& wide_blocks(batch::Values values);
  /// By its batch, and by blocks that no payload has borrowed.
  [[nodiscard]] size_t bytes_held() const noexcept;
  /// Requires is_writable(format).
  [[nodiscard]] const codec::Encoder& encoder(codec::Format format);
  /// For answers of selected outputs, which the model gives. Shared, because the lane keeps only
  /// what was asked for last.
  [[nodiscard]] std::shared_ptr<const codec::Encoder> encoder(
      codec::Format format, const codec::OutputSelection& outputs);

  /// True the first time: that a payload had columns the model does not know is said once.
  [[nodiscard]] bool first_of_unknown_columns() noexcept {
    return !std::exchange(told_of_unknown_columns_, true);
  }

  // Borrowed by one payload each, and brought back before the lane goes.
  [[nodiscard]] std::unique_ptr<codec::Decoder> take_decoder(codec::Format format);
  void give_back(codec::Format format, std::unique_ptr<codec::Decoder> decoder);
  [[nodiscard]] std::unique_ptr<batch::LargePayload> take_payload();
  /// Before its first row: of scores and few rows.
  void use_small_blocks(batch::LargePayload& payload) noexcept {
    payload.borrow_from(small_row_blocks_, small_score_blocks_);
  }
  /// Clears it.
  void give_back(std::unique_ptr<batch::LargePayload> payload);

 private:
  struct Selected {
    codec::OutputSelection outputs;
    std::shared_ptr<const codec::Encoder> encoder;
  };

  const model::Predictor& predictor_;
  batch::MicroBatcher batcher_;
  batch::ScoringRate rate_;
  batch::ScoringRate explaining_rate_;
  size_t blocks_kept_max_;
  batch::LentBytes& lent_;
  batch::BlockPool row_blocks_;
  batch::BlockPool score_blocks_;
  batch::BlockPool small_row_blocks_;
  batch::BlockPool small_score_blocks_;
  std::array<std::unique_ptr<batch::BlockPool>, batch::kValuesKinds> wide_blocks_;
  std::array<std::unique_ptr<codec::Encoder>, codec::kFormats> encoders_;
  std::array<Selected, codec::kFormats> selected_;
  std::array<std::vector<std::unique_ptr<codec::Decoder>>, codec::kFormats> decoders_;
  std::vector<std::unique_ptr<batch::LargePayload>> payloads_;
  bool told_of_unknown_columns_ = false;
};

}  // namespace ringmaker::serve
