// The lines at a server's start and end.
#include "serve/server_log.h"

#include "io/socket.h"
#include "tests/batch/sum_predictor.h"
#include "tests/support/program.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>

namespace ringmaker::serve {
namespace {

using testing::HasSubstr;
using testing::Not;

class ServerLogTest : public testing::Test {
 protected:
  ServerLogTest()
      : file_(::open(files_.path("log").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600)) {}
  std::string written() {
    log_.flush();
    return files_.read("log");
  }

  test::TemporaryDirectory files_;
  io::Descriptor file_;
  base::SystemClock clock_;
  telemetry::Log log_{clock_, {.descriptor = file_.get()}};
};

TEST_F(ServerLogTest, TheFirstSaysWhatIsServedAndHow) {
  config::ServeOptions options;
  options.platform = "local";
  options.port = 8081;
  const batch::SumPredictor predictor;
  log_start(log_, options, 3, &predictor, "io_uring");
  EXPECT_THAT(written(), HasSubstr(R"("platform":"local","port":8081,"shards":3)"));
  EXPECT_THAT(written(), HasSubstr(R"("io":"io_uring")"));
}

TEST_F(ServerLogTest, WithoutAModelItSaysWhereOneComesFrom) {
  log_start(log_, {}, 1, nullptr, "io_uring");
  EXPECT_THAT(written(), HasSubstr(R"("model":"none, see POST /models","features":0)"));
}

TEST_F(ServerLogTest, ToBeginWithoutAModelThatNobodyAskedForIsAWarning) {
  config::ServeOptions options;
  options.model_dir = "/srv/model";
  options.multi_model = true;
  log_start(log_, options, 1, nullptr, "io_uring");
  EXPECT_THAT(written(), Not(HasSubstr("no_model")));
  options.multi_model = false;
  log_start(log_, options, 1, nullptr, "io_uring");
  EXPECT_THAT(written(),
              HasSubstr(R"("level":"warn","event":"no_model","detail":"there is no /srv/model;)"));
}

TEST_F(ServerLogTest, WhichFilesAreServedIsTold) {
  std::ifstream golden(std::string(RINGMAKER_SOURCE_DIR) +
                       "/tests/golden/xgboost/binary/model.json");
  const std::string model{std::istreambuf_iterator<char>(golden), {}};
  files_.write("m/xgboost-model-0", model);
  log_model_files(log_, files_.path("m"), true);
  EXPECT_EQ(written(), "") << "there is one";
  files_.write("m/xgboost-model-1", model);
  log_model_files(log_, files_.path("m"), false);
  EXPECT_THAT(written(), HasSubstr("xgboost-model-0\",\"left_out\":1,"));
  files_.write("m/README.md", "text");
  log_model_files(log_, files_.path("m"), true);
  EXPECT_THAT(
      written(),
      HasSubstr("\"event\":\"model_files\",\"served\":\"" + files_.path("m/xgboost-model-0") +
                ", " + files_.path("m/xgboost-model-1") + "\",\"passed_over\":\"README.md\""));
}

TEST_F(ServerLogTest, TheLastSumsAllShards) {
  std::vector<std::unique_ptr<ShardMetrics>> metrics;
  for (uint64_t rows : {3U, 4U}) {
    metrics.push_back(std::make_unique<ShardMetrics>());
    metrics.back()->rows.add(rows);
  }
  log_stop(log_, metrics);
  EXPECT_THAT(written(), HasSubstr(R"("event":"stop","requests":0,"rows":7,"errors":0)"));
}

}  // namespace
}  // namespace ringmaker::serve
