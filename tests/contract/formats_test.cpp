// What a body may be, with the built binary: formats that others write, and what a request says of
// them.
#include "tests/codec/npy/npy_payload.h"
#include "tests/contract/iris_model.h"
#include "tests/support/loopback_peer.h"
#include "tests/support/program.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <utility>

namespace ringmaker {
namespace {

using test::ask;
using test::post;
using testing::HasSubstr;

class FormatsContract : public testing::Test {
 protected:
  void SetUp() override {
    port_ = test::free_port();
    server_ = std::make_unique<test::Program>(
        std::vector<std::string>{"serve"},
        test::Program::Variables{{"SAGEMAKER_BASE_DIR", IrisModel::directory().path()},
                                 {"SAGEMAKER_BIND_TO_PORT", std::to_string(port_)}});
    ASSERT_TRUE(test::wait_until_healthy(port_, *server_)) << server_->errors();
  }

  auto invoke(const std::string& type, const std::string& body,
              const std::string& accept = "text/csv") const {
    return post(port_, "/invocations", "Content-Type: " + type + "\r\nAccept: " + accept + "\r\n",
                body);
  }

  static std::string golden(const std::string& name) {
    std::ifstream file(std::string(RINGMAKER_SOURCE_DIR) + "/tests/golden/" + name,
                       std::ios::binary);
    EXPECT_TRUE(file.good()) << name;
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  }

  const std::string one_ = "0.98469573,0.015304226,6.201534e-8\n";
  uint16_t port_ = 0;
  std::unique_ptr<test::Program> server_;
};

/// The row 5.1 3.5 1.4 0.2 twice, written by numpy 1.24 and scipy 1.10, to files and to pipes.
TEST_F(FormatsContract, ArchivesOfNumpyAndScipyAreRead) {
  for (const char* name : {"savez", "savez_compressed", "savez_pipe", "savez_compressed_pipe",
                           "data", "save_npz_csr", "save_npz_csc", "save_npz_coo"}) {
    const std::string body = golden("npz/" + std::string(name) + ".npz");
    const auto answer = invoke("application/x-npz", body);
    EXPECT_EQ(answer.status, 200) << name;
    EXPECT_EQ(answer.body, one_ + one_) << name;
    std::string chunks;
    for (const char c : body) {
      chunks += "1\r\n" + std::string(1, c) + "\r\n";
    }
    EXPECT_EQ(ask(port_,
                  "POST /invocations HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                  "Content-Type: application/x-npz\r\nTransfer-Encoding: chunked\r\n\r\n" +
                      chunks + "0\r\n\r\n")
                  .body,
              one_ + one_)
        << name;
  }
  const auto refused = invoke("application/x-npz", golden("npz/two_arrays.npz"));
  EXPECT_EQ(refused.status, 400);
  EXPECT_THAT(refused.body, HasSubstr("member \"y.npy\": it is a second array; send rows in one"));
}

TEST_F(FormatsContract, BytesAreRowsOfFloatsWhereTheyAreDeclared) {
  const std::string row = codec::bytes_of<float>({5.1F, 3.5F, 1.4F, 0.2F});
  EXPECT_EQ(invoke("application/octet-stream; dtype=float32", row + row).body, one_ + one_);
  const auto cut = invoke("application/octet-stream; dtype=float32", row + "x");
  EXPECT_EQ(cut.status, 400);
  EXPECT_THAT(cut.body, HasSubstr("row 2: the payload ends before its row of 4 float32"));
  const auto undeclared = invoke("application/octet-stream", row);
  EXPECT_EQ(undeclared.status, 415);
  EXPECT_THAT(undeclared.body, HasSubstr("application/octet-stream; dtype=float32"));
}

TEST_F(FormatsContract, AJsonBodySaysWhatItsAnswerHolds) {
  const auto answer =
      invoke("application/json",
             R"({"instances":[[5.1,3.5,1.4,0.2]],"outputs":["predicted_label","probability"]})",
             "application/json");
  EXPECT_THAT(answer.body,
              testing::MatchesRegex(R"(\{"predictions":\[\{"predicted_label":"setosa",)"
                                    R"("probability":0\.98[0-9]*\}\]\})"));
  const auto refused = invoke("application/json",
                              R"({"outputs":"predicted_score","instances":[[5.1,3.5,1.4,0.2]]})");
  EXPECT_EQ(refused.status, 400);
  EXPECT_THAT(refused.body, HasSubstr("it gives predicted_label, labels, probability"));
}

TEST(ServeStart, ADefaultAcceptThatCanOnlyBeReadEndsTheStart) {
  for (const char* type : {"text/libsvm", "application/x-npz", "text/html"}) {
    test::Program server({"serve"}, {{"SAGEMAKER_BASE_DIR", IrisModel::directory().path()},
                                     {"SAGEMAKER_BIND_TO_PORT", std::to_string(test::free_port())},
                                     {"SAGEMAKER_DEFAULT_INVOCATIONS_ACCEPT", type}});
    EXPECT_EQ(server.wait(), 2) << type;
    EXPECT_THAT(server.errors(), HasSubstr("no type that can be written; possible are text/csv"))
        << type;
  }
}

/// What is served says the score alone, as XGBoost's container does, and keeps to it where the file
/// has become one of ours.
TEST(XgboostContract, AnswersAreThoseOfItsContainer) {
  const std::string golden = std::string(RINGMAKER_SOURCE_DIR) + "/tests/golden/xgboost/";
  const auto text_of = [](const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    EXPECT_TRUE(file.good()) << path;
    return std::string(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  };
  for (const bool imported : {false, true}) {
    for (const auto& [model, score] : {std::pair("binary", R"(0\.[0-9]+)"),
                                       std::pair("softprob", R"(\[0\.[0-9]+(,0\.[0-9]+)+\])")}) {
      test::TemporaryDirectory tree;
      tree.write("model/.keep", "");
      const std::string file = golden + model + "/model.json";
      if (imported) {
        test::Program import({"import", file, "-o", tree.path("model")}, {});
        ASSERT_EQ(import.wait(60), 0) << import.errors();
      } else {
        tree.write("model/xgboost-model", text_of(file));
      }
      const uint16_t port = test::free_port();
      test::Program server({"serve", "--model-dir", tree.path("model")},
                           {{"SAGEMAKER_BIND_TO_PORT", std::to_string(port)}});
      ASSERT_TRUE(test::wait_until_healthy(port, server)) << server.errors();
      const std::string table = text_of(golden + model + "/input.csv");
      const size_t first = table.find('\n') + 1;
      const std::string row = table.substr(first, table.find('\n', first) + 1 - first);
      const auto answer = [&](const std::string& accept) {
        return post(port, "/invocations", "Content-Type: text/csv\r\nAccept: " + accept + "\r\n",
                    row)
            .body;
      };
      const std::string object = R"(\{"score":)" + std::string(score) + R"(\})";
      EXPECT_THAT(answer("application/json"),
                  testing::MatchesRegex(R"(\{"predictions":\[)" + object + R"(\]\})"));
      EXPECT_THAT(answer("application/jsonlines"), testing::MatchesRegex(object + "\n"));
      EXPECT_THAT(answer("application/x-recordio-protobuf"),
                  testing::AllOf(HasSubstr("score"), testing::Not(HasSubstr("predicted_label"))));
    }
  }
}

}  // namespace
}  // namespace ringmaker
