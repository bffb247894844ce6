// What a shard borrows to run a model, and gets again.
#include "serve/model_lane.h"

#include "tests/batch/sum_predictor.h"

#include <gtest/gtest.h>

namespace ringmaker::serve {
namespace {

TEST(ModelLane, WhatComesBackIsLentAgain) {
  const batch::SumPredictor predictor;
  batch::LentBytes lent;
  ModelLane lane(predictor, {}, {.batch_rows = 64, .blocks_kept_max = 1}, lent);
  auto decoder = lane.take_decoder(codec::Format::kCsv);
  auto payload = lane.take_payload();
  (void)payload->writer();
  EXPECT_GT(lent.value, 0U);
  const codec::Decoder* const same_decoder = decoder.get();
  const batch::LargePayload* const same_payload = payload.get();
  lane.give_back(codec::Format::kCsv, std::move(decoder));
  lane.give_back(std::move(payload));
  EXPECT_EQ(lent.value, 0U) << "it was cleared";
  EXPECT_EQ(lane.take_decoder(codec::Format::kCsv).get(), same_decoder);
  EXPECT_EQ(lane.take_payload().get(), same_payload);
}

TEST(ModelLane, ThereIsOneEncoderAFormat) {
  const batch::SumPredictor predictor;
  batch::LentBytes lent;
  ModelLane lane(predictor, {}, {.batch_rows = 64, .blocks_kept_max = 1}, lent);
  EXPECT_EQ(lane.encoder(codec::Format::kJson).content_type(), "application/json");
  EXPECT_EQ(&lane.encoder(codec::Format::kCsv), &lane.encoder(codec::Format::kCsv));
}

TEST(ModelLane, TheEncoderOfTheOutputsAskedForLastIsKept) {
  const batch::SumPredictor predictor;
  batch::LentBytes lent;
  ModelLane lane(predictor, {}, {.batch_rows = 64, .blocks_kept_max = 1}, lent);
  const auto score = codec::OutputSelection::parse("predicted_score").value();
  const auto raw = codec::OutputSelection::parse("raw_score").value();
  const auto first = lane.encoder(codec::Format::kCsv, score);
  EXPECT_EQ(lane.encoder(codec::Format::kCsv, score), first);
  EXPECT_NE(lane.encoder(codec::Format::kJson, score), first);
  EXPECT_TRUE(lane.encoder(codec::Format::kCsv, raw)->wants_raw());
  EXPECT_NE(lane.encoder(codec::Format::kCsv, score), first);
}

}  // namespace
}  // namespace ringmaker::serve
