// The life of models: who is answered what, and when.
#include "serve/model_keeper.h"

#include "tests/serve/keeper_rig.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

namespace ringmaker::serve {
namespace {

using testing::HasSubstr;
using Kind = ShardMessage::Kind;

TEST(ModelKeeperTest, LoadListUnload) {
  KeeperRig rig;
  const std::string url = rig.files.path("models/small/model");
  EXPECT_EQ(rig.load("a", url), 200);
  EXPECT_EQ(rig.load("a", url), 409);
  EXPECT_EQ(rig.keeper.url_of("a"), url);
  EXPECT_EQ(rig.keeper.metrics().models.value(), 1U);
  EXPECT_EQ(rig.unload("a"), 200);
  EXPECT_EQ(rig.unload("a"), 404);
  EXPECT_EQ(rig.keeper.url_of("a"), std::nullopt);
  EXPECT_EQ(rig.keeper.metrics().models.value(), 0U);
  EXPECT_EQ(rig.load("a", url), 200) << "the name is free again";
}

TEST(ModelKeeperTest, EveryShardHasAModelBeforeItsLoadIsAnswered) {
  KeeperRig rig(2);
  ModelOperation load = KeeperRig::load_of("a", rig.files.path("models/small/model"));
  load.shard = 1;
  ASSERT_TRUE(rig.keeper.begin(load));
  const auto [first_shard, first] = rig.next();
  const auto [second_shard, second] = rig.next();
  EXPECT_EQ(first.kind, Kind::kModelChange);
  EXPECT_EQ(second.change, first.change);
  EXPECT_NE(first_shard, second_shard);
  EXPECT_FALSE(first.change->leaves());
  EXPECT_EQ(first.change->model().predictor->schema().feature_count(), 3U);
  first.change->done();
  EXPECT_EQ(rig.keeper.list(10, "").first.size(), 0U) << "one shard lacks it";
  second.change->done();
  const auto [shard, done] = rig.next();
  EXPECT_EQ(shard, 1U) << "the one that asked";
  EXPECT_EQ(done.operation, &load);
  EXPECT_EQ(load.status, 200);
}

TEST(ModelKeeperTest, OfManyLoadsAtATimeOneIsAnswered200) {
  KeeperRig rig;
  std::vector<ModelOperation> loads(20,
                                    KeeperRig::load_of("a", rig.files.path("models/small/model")));
  for (ModelOperation& load : loads) {
    ASSERT_TRUE(rig.keeper.begin(load));
  }
  for (size_t i = 0; i < loads.size(); ++i) {
    rig.finish();
  }
  const auto with = [&](int status) {
    return std::count_if(loads.begin(), loads.end(),
                         [&](const auto& load) { return load.status == status; });
  };
  EXPECT_EQ(with(200), 1);
  EXPECT_EQ(with(409), 19);
}

TEST(ModelKeeperTest, AnUnloadIsAnsweredWhenTheLastShardHasLetGoAndALoadBehindItWaits) {
  KeeperRig rig(1);
  const std::string url = rig.files.path("models/small/model");
  ASSERT_EQ(rig.load("a", url), 200);
  ModelOperation unload{
      .kind = ModelOperation::Kind::kUnload, .name = "a", .url = {}, .sentence = {}};
  ASSERT_TRUE(rig.keeper.begin(unload));
  const ShardMessage leaves = rig.next().second;
  ASSERT_EQ(leaves.kind, Kind::kModelChange);
  EXPECT_TRUE(leaves.change->leaves());
  EXPECT_EQ(rig.keeper.url_of("a"), std::nullopt) << "no longer listed";
  ModelOperation load = KeeperRig::load_of("a", url);
  ASSERT_TRUE(rig.keeper.begin(load));
  leaves.change->done();
  // In any order: the unload is answered, and the load goes its way.
  rig.finish();
  rig.finish();
  EXPECT_EQ(unload.status, 200);
  EXPECT_EQ(load.status, 200);
}

TEST(ModelKeeperTest, WhatCannotBeLoadedSaysWhyAndLeavesNothing) {
  KeeperRig rig;
  const auto& files = rig.files;
  files.write("models/empty/model/readme.txt", "x");
  files.write("models/broken/model/model.ringmaker", "no model at all");
  EXPECT_EQ(rig.load("a", files.path("models/gone")), 404);
  EXPECT_THAT(rig.sentence, HasSubstr("there is nothing at "));
  EXPECT_EQ(rig.load("a", "/etc"), 400);
  EXPECT_THAT(rig.sentence, HasSubstr("not a path below"));
  EXPECT_EQ(rig.load("a", files.path("models/empty/model")), 400);
  EXPECT_THAT(rig.sentence, HasSubstr("it holds readme.txt"));
  EXPECT_EQ(rig.load("a", files.path("models/broken/model")), 400);
  EXPECT_THAT(rig.sentence, HasSubstr("model.ringmaker"));
  std::string cut = files.read("models/small/model/model.ringmaker");
  cut.resize(cut.size() - 1);
  files.write("models/cut/model/model.ringmaker", cut);
  EXPECT_EQ(rig.load("a", files.path("models/cut/model")), 400);
  EXPECT_THAT(rig.sentence, HasSubstr("model.ringmaker"));
  EXPECT_EQ(rig.keeper.metrics().loads_failed.value(), 5U);
  EXPECT_EQ(rig.load("a", files.path("models/small/model")), 200) << "the name was not taken";
}

TEST(ModelKeeperTest, AFileThatCannotBeReadIsTheServersTrouble) {
  KeeperRig rig;
  const auto& files = rig.files;
  files.write("models/locked/model/.keep", "");
  // Nobody can read it, whoever he is: its name leads round in a circle.
  const std::string file = files.path("models/locked/model/model.ringmaker");
  std::filesystem::create_symlink(file, file);
  EXPECT_EQ(rig.load("a", files.path("models/locked/model")), 500);
  EXPECT_THAT(rig.sentence, HasSubstr("model.ringmaker"));
}

TEST(ModelKeeperTest, AModelThatDoesNotGiveTheConfiguredOutputsIsNotLoaded) {
  KeeperRig rig(2, {}, codec::OutputSelection::parse("predicted_score, probability").value());
  const std::string url = rig.files.path("models/small/model");
  EXPECT_EQ(rig.load("a", url), 400);
  EXPECT_EQ(rig.sentence,
            "outputs: this model does not give the output probability; it gives raw_score, "
            "raw_scores, predicted_score, contributions");
  EXPECT_EQ(rig.unload("a"), 404);
  KeeperRig fitting(2, {}, codec::OutputSelection::parse("predicted_score").value());
  EXPECT_EQ(fitting.load("a", fitting.files.path("models/small/model")), 200);
}

TEST(ModelKeeperTest, WithoutRoomALoadIs507AndWithRoomAgainItGoes) {
  std::atomic<uint64_t> resident{90 << 20};
  KeeperRig rig(2, {.limit_bytes = 100 << 20, .read = [&resident] {
                      return MemoryReading{.resident_bytes = resident,
                                           .available_bytes = UINT64_MAX};
                    }});
  const std::string url = rig.add("large", 1'000'000);
  EXPECT_EQ(rig.load("large", url), 507);
  EXPECT_THAT(rig.sentence, HasSubstr("MiB are left for models; unload others first"));
  EXPECT_EQ(rig.load("small", rig.files.path("models/small/model")), 200);
  EXPECT_EQ(rig.keeper.metrics().loads_without_memory.value(), 1U);
  resident = 10 << 20;
  EXPECT_EQ(rig.load("large", url), 200);
}

TEST(ModelKeeperTest, PagesAreInOrderAndStayRightWhenModelsGo) {
  KeeperRig rig;
  const std::string url = rig.files.path("models/small/model");
  for (const char* name : {"d", "b", "a", "c", "e"}) {
    ASSERT_EQ(rig.load(name, url), 200);
  }
  const auto names = [](const auto& page) {
    std::string text;
    for (const auto& entry : page.first) {
      text += entry.name;
    }
    return text;
  };
  const auto first = rig.keeper.list(2, "");
  EXPECT_EQ(names(first), "ab");
  EXPECT_TRUE(first.second);
  ASSERT_EQ(rig.unload("b"), 200);
  const auto second = rig.keeper.list(3, "b");
  EXPECT_EQ(names(second), "cde");
  EXPECT_FALSE(second.second);
}

TEST(ModelKeeperTest, StoppedItBeginsNothing) {
  KeeperRig rig;
  ModelOperation load = KeeperRig::load_of("a", rig.files.path("models/small/model"));
  rig.keeper.stop();
  ASSERT_TRUE(rig.keeper.begin(load));
  rig.keeper.stop();
  EXPECT_EQ(load.status, 0);
}

}  // namespace
}  // namespace ringmaker::serve
