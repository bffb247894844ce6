#include "serve/model_lane.h"

#include "codec/selected/selected_encoder.h"

namespace ringmaker::serve {
namespace {

size_t index(codec::Format format) noexcept { return static_cast<size_t>(format); }

template <class T>
std::unique_ptr<T> take_last(std::vector<std::unique_ptr<T>>& pool) {
  auto last = std::move(pool.back());
  pool.pop_back();
  return last;
}

}  // namespace

ModelLane::ModelLane(const model::Predictor& predictor, const batch::BatchPolicy& policy,
                     const Room& room, batch::LentBytes& lent)
    : predictor_(predictor),
      batcher_(predictor, policy, room.batch_rows),
      blocks_kept_max_(room.blocks_kept_max),
      lent_(lent),
      row_blocks_(predictor.schema().feature_count(), room.blocks_kept_max, lent),
      score_blocks_(predictor.output().score_columns(), room.blocks_kept_max, lent),
      small_row_blocks_(predictor.schema().feature_count(), room.blocks_kept_max, lent,
                        batch::BlockPool::kSmallBlockBytes),
      small_score_blocks_(predictor.output().score_columns(), room.blocks_kept_max, lent,
                          batch::BlockPool::kSmallBlockBytes) {}

batch::BlockPool& ModelLane::wide_blocks(batch::Values values) {
  auto& blocks = wide_blocks_.at(static_cast<size_t>(values));
  if (blocks == nullptr) {
    blocks = std::make_unique<batch::BlockPool>(batch::columns_of(predictor_, values),
                                                blocks_kept_max_, lent_);
  }
  return *blocks;
}

size_t ModelLane::bytes_held() const noexcept {
  size_t bytes = batcher_.bytes_held() + row_blocks_.bytes_kept() + score_blocks_.bytes_kept() +
                 small_row_blocks_.bytes_kept() + small_score_blocks_.bytes_kept();
  for (const auto& blocks : wide_blocks_) {
    bytes += blocks == nullptr ? 0 : blocks->bytes_kept();
  }
  return bytes;
}

const codec::Encoder& ModelLane::encoder(codec::Format format) {
  auto& encoder = encoders_[index(format)];
  if (encoder == nullptr) {
    encoder = codec::make_encoder(format, predictor_.output());
  }
  return *encoder;
}

std::shared_ptr<const codec::Encoder> ModelLane::encoder(codec::Format format,
                                                         const codec::OutputSelection& outputs) {
  Selected& last = selected_[index(format)];
  if (last.encoder == nullptr || last.outputs != outputs) {
    last = {outputs, codec::make_selected_encoder(format, predictor_.output(), outputs)};
  }
  return last.encoder;
}

std::unique_ptr<codec::Decoder> ModelLane::take_decoder(codec::Format format) {
  auto& pool = decoders_[index(format)];
  return pool.empty() ? codec::make_decoder(format, predictor_.schema()) : take_last(pool);
}

void ModelLane::give_back(codec::Format format, std::unique_ptr<codec::Decoder> decoder) {
  decoders_[index(format)].push_back(std::move(decoder));
}

std::unique_ptr<batch::LargePayload> ModelLane::take_payload() {
  return payloads_.empty()
             ? std::make_unique<batch::LargePayload>(predictor_, row_blocks_, score_blocks_)
             : take_last(payloads_);
}

void ModelLane::give_back(std::unique_ptr<batch::LargePayload> payload) {
  payload->clear();
  payloads_.push_back(std::move(payload));
}

}  // namespace ringmaker::serve
