// Models that come, are used and go, as one shard sees them.
#include "serve/model_table.h"

#include "serve/model_store.h"
#include "tests/batch/sum_predictor.h"
#include "tests/model/model_test_support.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace ringmaker::serve {
namespace {

class ModelTableTest : public testing::Test {
 protected:
  LoadedModel& make(const std::string& name) {
    made_.push_back(std::make_unique<LoadedModel>(
        LoadedModel{name, "/models/" + name, std::make_unique<batch::SumPredictor>()}));
    return *made_.back();
  }
  ShardModel& load(const std::string& name) {
    ModelChange change(make(name), false, 1, [this] { ++done_; });
    table_.apply(change);
    return *table_.find(name);
  }
  std::unique_ptr<ModelChange> unload(const LoadedModel& model) {
    auto change = std::make_unique<ModelChange>(model, true, 1, [this] { ++done_; });
    table_.apply(*change);
    return change;
  }
  static void use(ModelTable& table, ShardModel& model) {
    table.enter(model);
    table.leave(model);
  }

  std::vector<std::unique_ptr<LoadedModel>> made_;
  int done_ = 0;
  ModelTable table_{nullptr, {}};
};

TEST_F(ModelTableTest, AModelIsFoundByItsBytesFromTheMomentItsLoadIsDone) {
  EXPECT_EQ(table_.find("a"), nullptr);
  load("a");
  EXPECT_EQ(done_, 1);
  load("a/b%2F");
  EXPECT_NE(table_.find("a"), nullptr);
  EXPECT_NE(table_.find("a/b%2F"), nullptr);
  EXPECT_EQ(table_.find("A"), nullptr);
  EXPECT_EQ(table_.find("a/b/"), nullptr);
  EXPECT_EQ(table_.own(), nullptr);
}

TEST_F(ModelTableTest, WhatLeavesIsNotFoundAndIsLetGoOfAfterItsLastInvocation) {
  ShardModel& model = load("a");
  table_.enter(model);
  table_.enter(model);
  const auto change = unload(*made_[0]);
  EXPECT_EQ(table_.find("a"), nullptr);
  table_.tidy();
  table_.leave(model);
  table_.tidy();
  EXPECT_EQ(done_, 1) << "one is still in hand";
  table_.leave(model);
  EXPECT_EQ(done_, 1) << "the turn is not over";
  table_.tidy();
  EXPECT_EQ(done_, 2);
}

TEST_F(ModelTableTest, AnAbandonedRowInTheOpenBatchHoldsTheModelUntilTheBatchHasRun) {
  ShardModel& model = load("a");
  table_.enter(model);
  batch::MicroBatcher& batcher = model.lane().batcher();
  data::BlockWriter writer = batcher.writer();
  std::fill_n(writer.row(), 2, 1.0F);
  writer.commit_row();
  batcher.commit(writer, &batcher, 0);
  batcher.abandon(&batcher);
  table_.leave(model);
  const auto change = unload(*made_[0]);
  table_.tidy();
  EXPECT_EQ(done_, 1);
  struct Nobody final : batch::BatchSink {
    void on_late(void* /*owner*/) override {}
    void on_scored(void* /*owner*/, data::DenseView /*scores*/,
                   const batch::BatchTimes& /*times*/) override {
      ADD_FAILURE() << "its owner is gone";
    }
  } nobody;
  batcher.run(nobody, model.lane().rate(), batch::ScoringRate::kTurnNs, [] { return uint64_t{0}; });
  table_.tidy();
  EXPECT_EQ(done_, 2);
}

TEST_F(ModelTableTest, OnlyTheMostRecentLanesOfThoseThatRestAreKept) {
  std::vector<ShardModel*> models;
  for (size_t i = 0; i < 3 * ModelTable::kLanesKeptMax; ++i) {
    models.push_back(&load(std::to_string(i)));
    use(table_, *models.back());
    table_.tidy();
  }
  EXPECT_EQ(table_.lanes_resting(), ModelTable::kLanesKeptMax);
  table_.enter(*models.back());
  EXPECT_EQ(table_.lanes_resting(), ModelTable::kLanesKeptMax - 1) << "it had its lane still";
  table_.enter(*models.front());
  EXPECT_EQ(table_.lanes_resting(), ModelTable::kLanesKeptMax - 1) << "it got a new one";
  table_.leave(*models.front());
  table_.leave(*models.back());
  table_.tidy();
  EXPECT_EQ(table_.lanes_resting(), ModelTable::kLanesKeptMax);
}

TEST_F(ModelTableTest, OfLanesForWideRowsFewerAreKeptButTheLastAlways) {
  for (const auto& [features, kept] : {std::pair{100'000, 4}, std::pair{1'000'000, 1}}) {
    ModelTable table(nullptr, {});
    for (int i = 0; i < 6; ++i) {
      auto predictor =
          prepare_predictor(model::random_linear(model::Link::kIdentity, features, 1, 7),
                            base::InstructionSet::kPortable);
      ASSERT_TRUE(predictor);
      LoadedModel& model = make(fmt::format("{}-{}", features, i));
      model.predictor = std::move(*predictor);
      ModelChange change(model, false, 1, [] {});
      table.apply(change);
      use(table, *table.find(model.name));
      table.tidy();
    }
    EXPECT_EQ(table.lanes_resting(), size_t(kept)) << features;
  }
}

TEST_F(ModelTableTest, TheEndpointsOwnModelNeverRests) {
  const batch::SumPredictor predictor;
  ModelTable table(&predictor, {});
  table.enter(*table.own());
  table.leave(*table.own());
  table.tidy();
  EXPECT_EQ(table.lanes_resting(), 0U);
}

TEST_F(ModelTableTest, TheLastOfSeveralShardsSaysThatAChangeIsDone) {
  ModelTable other(nullptr, {});
  ModelChange change(make("a"), false, 2, [this] { ++done_; });
  table_.apply(change);
  EXPECT_EQ(done_, 0);
  other.apply(change);
  EXPECT_EQ(done_, 1);
}

}  // namespace
}  // namespace ringmaker::serve
