// Endpoints of many models, and what users complain of elsewhere, through the built binary.
#include "base/atomic_file.h"
#include "model/artifact.h"
#include "tests/support/loopback_peer.h"
#include "tests/support/program.h"

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <set>
#include <thread>

namespace ringmaker {
namespace {

using test::ask;
using test::get;
using test::post;
using Variables = test::Program::Variables;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kCsv = "Content-Type: text/csv\r\n";

model::Model sum_of(size_t features, double bias) {
  model::Model model;
  for (size_t i = 0; i < features; ++i) {
    model.schema.feature_names.push_back(fmt::format("x{}", i));
  }
  model.parameters = model::LinearParameters{.weights = std::vector<float>(features, 1.0F),
                                             .bias = {bias},
                                             .fill = std::vector<float>(features, 0.0F)};
  return model;
}

size_t resident_bytes(pid_t pid) {
  std::ifstream statm("/proc/" + std::to_string(pid) + "/statm");
  size_t pages = 0;
  size_t resident = 0;
  statm >> pages >> resident;
  return resident * 4096;
}

/// A server that begins without a model, and a tree where the platform would put them.
class Endpoint {
 public:
  explicit Endpoint(Variables variables = {}) {
    variables["SAGEMAKER_BASE_DIR"] = tree_.path();
    variables["SAGEMAKER_BIND_TO_PORT"] = std::to_string(port_);
    server_ = std::make_unique<test::Program>(std::vector<std::string>{"serve"}, variables);
    EXPECT_TRUE(test::wait_until_healthy(port_, *server_)) << server_->errors();
  }

  /// Puts a model on disk: the sum of its features and `bias`.
  void put(const std::string& name, size_t features, double bias) const {
    tree_.write("models/" + name + "/model/.keep", "");
    EXPECT_TRUE(base::write_file_atomically(tree_.path("models/" + name + "/model/model.ringmaker"),
                                            model::encode_artifact(sum_of(features, bias))));
  }
  test::HttpAnswer load(const std::string& name, const std::string& directory) const {
    return post(
        port_, "/models", "",
        fmt::format(R"({{"model_name":"{}","url":"/opt/ml/models/{}/model",}})", name, directory));
  }
  test::HttpAnswer load(const std::string& name) const { return load(name, name); }
  test::HttpAnswer unload(const std::string& name) const {
    return ask(port_,
               "DELETE /models/" + name + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  }
  test::HttpAnswer invoke(const std::string& name, const std::string& row,
                          const std::string& fields = kCsv) const {
    return post(port_, "/models/" + name + "/invoke", fields, row);
  }

  const test::TemporaryDirectory& tree() const { return tree_; }
  test::Program& server() { return *server_; }
  int port() const { return port_; }

 private:
  test::TemporaryDirectory tree_;
  int port_ = test::free_port();
  std::unique_ptr<test::Program> server_;
};

TEST(MultiModel, LoadInvokeListAndUnload) {
  Endpoint endpoint;
  endpoint.put("a", 2, 0);
  EXPECT_EQ(endpoint.invoke("a", "1,2").status, 404);
  EXPECT_EQ(endpoint.load("a").status, 200);
  EXPECT_EQ(endpoint.load("a").status, 409);
  EXPECT_EQ(
      post(endpoint.port(), "/%6Dodels", "", R"({"model_name":"a","url":"/opt/ml/models/a/model"})")
          .status,
      409)
      << "the same path, spelt with an escape";
  EXPECT_EQ(endpoint.invoke("a", "1,2").body, "3\n");
  EXPECT_EQ(get(endpoint.port(), "/models").body,
            R"({"models":[{"modelName":"a","modelUrl":"/opt/ml/models/a/model"}]})");
  EXPECT_EQ(get(endpoint.port(), "/models/a").body,
            R"({"modelName":"a","modelUrl":"/opt/ml/models/a/model"})");
  EXPECT_EQ(get(endpoint.port(), "/models/b").status, 404);
  EXPECT_EQ(endpoint.unload("a").status, 200);
  EXPECT_EQ(endpoint.unload("a").status, 404);
  EXPECT_EQ(endpoint.invoke("a", "1,2").status, 404);
  EXPECT_EQ(get(endpoint.port(), "/models").body, R"({"models":[]})");
}

/// The platform takes a model's files away when it likes.
TEST(MultiModel, AModelAnswersWhenItsFilesAreGone) {
  Endpoint endpoint;
  endpoint.put("a", 2, 0.5);
  ASSERT_EQ(endpoint.load("a").status, 200);
  std::filesystem::remove_all(endpoint.tree().path("models/a"));
  EXPECT_EQ(endpoint.invoke("a", "1,2").body, "3.5\n");
  std::string rows;
  for (int i = 0; i < 5'000; ++i) {
    rows += "1,2\n";
  }
  EXPECT_EQ(endpoint.invoke("a", rows).status, 200);
  EXPECT_EQ(endpoint.unload("a").status, 200);
  EXPECT_EQ(endpoint.load("a").status, 404) << "it cannot come again";
}

TEST(MultiModel, BeginsEmptyWithoutADirectoryOrWhenToldTo) {
  Endpoint without;
  EXPECT_EQ(post(without.port(), "/invocations", kCsv, "1,2").status, 404);
  without.put("m", 2, 0);
  test::TemporaryDirectory tree;
  tree.write("model/readme.txt", "x");
  for (const char* value : {"true", "True", "1"}) {
    const int port = test::free_port();
    test::Program told({"serve"}, {{"SAGEMAKER_BASE_DIR", tree.path()},
                                   {"SAGEMAKER_MULTI_MODEL", value},
                                   {"SAGEMAKER_BIND_TO_PORT", std::to_string(port)}});
    EXPECT_TRUE(test::wait_until_healthy(port, told)) << told.errors();
  }
  test::Program single({"serve"}, {{"SAGEMAKER_BASE_DIR", tree.path()}});
  EXPECT_EQ(single.wait(20), 2) << "a directory without a model is an error";
}

TEST(MultiModel, AModelThatDoesNotGiveTheSelectedOutputsIsNotLoaded) {
  Endpoint endpoint(test::Program::Variables{{"SAGEMAKER_INFERENCE_OUTPUT", "predicted_label"}});
  endpoint.put("sum", 2, 0);
  const auto refused = endpoint.load("sum");
  EXPECT_EQ(refused.status, 400);
  EXPECT_THAT(refused.body, HasSubstr("this model does not give the output predicted_label; it "
                                      "gives raw_score, raw_scores, predicted_score"));
  EXPECT_EQ(endpoint.invoke("sum", "1,2").status, 404);
  Endpoint other(
      test::Program::Variables{{"SAGEMAKER_INFERENCE_OUTPUT", "predicted_score,raw_score"}});
  other.put("sum", 2, 0);
  EXPECT_EQ(other.load("sum").status, 200);
  EXPECT_EQ(other.invoke("sum", "1,2").body, "3,3\n");
}

TEST(MultiModel, NamesAreBytesAndUrlsStayBelowTheRoot) {
  Endpoint endpoint;
  endpoint.put("a", 1, 5);
  for (const auto& [name, encoded] :
       std::vector<std::pair<std::string, std::string>>{{"a/b", "a%2Fb"},
                                                        {"50%", "50%25"},
                                                        {"%41", "%2541"},
                                                        {"../a", "..%2Fa"},
                                                        {"a b?", "a%20b%3F"}}) {
    EXPECT_EQ(endpoint.load(name, "a").status, 200) << name;
    EXPECT_EQ(endpoint.invoke(encoded, "1").body, "6\n") << encoded;
    EXPECT_EQ(get(endpoint.port(), "/models/" + encoded).status, 200) << encoded;
    EXPECT_EQ(endpoint.unload(encoded).status, 200) << encoded;
  }
  EXPECT_EQ(endpoint.invoke("%", "1").status, 400);
  EXPECT_EQ(get(endpoint.port(), "/models/%").status, 400);
  for (const char* url : {"/etc/passwd", "/opt/ml/models/../model", "/proc/self/mem", "a/model",
                          "/opt/ml/models", "file:///opt/ml/models/a/model"}) {
    const auto answer = post(endpoint.port(), "/models", "",
                             fmt::format(R"({{"model_name":"x","url":"{}"}})", url));
    EXPECT_EQ(answer.status, 400) << url;
    EXPECT_THAT(answer.body, HasSubstr("not a path below")) << url;
  }
  EXPECT_EQ(endpoint.load("x", "gone").status, 404);
}

TEST(MultiModel, ABodyOfMoreRowsThanABatchHasRoomForIsReadTheSameWay) {
  Endpoint endpoint;
  endpoint.put("a", 2, 0);
  ASSERT_EQ(endpoint.load("a").status, 200);
  for (const size_t rows : {1, 64, 65, 1'024, 1'025, 3'000}) {
    std::string body;
    std::string scores;
    for (size_t i = 0; i < rows; ++i) {
      body += fmt::format("1:{} 2:0.5\n", i);
      scores += fmt::format("{}.5\n", i);
    }
    const auto answer = endpoint.invoke(
        "a", body, "Content-Type: text/libsvm; index_base=1\r\nAccept: text/csv\r\n");
    EXPECT_EQ(answer.status, 200) << answer.body;
    if (answer.head.find("chunked") == std::string::npos) {
      EXPECT_EQ(answer.body, scores) << rows << " rows";
    }
  }
}

TEST(MultiModel, PagesHoldEveryModelOnce) {
  Endpoint endpoint;
  endpoint.put("m", 1, 0);
  for (int i = 0; i < 25; ++i) {
    ASSERT_EQ(endpoint.load(fmt::format("m{}", i), "m").status, 200);
  }
  std::set<std::string> seen;
  std::string token;
  int pages = 0;
  do {
    const std::string body = get(endpoint.port(), "/models?limit=10&next_page_token=" + token).body;
    for (size_t at = 0; (at = body.find("\"modelName\":\"", at)) != std::string::npos; ++at) {
      const size_t begin = at + 13;
      EXPECT_TRUE(seen.insert(body.substr(begin, body.find('"', begin) - begin)).second);
    }
    const size_t at = body.find("\"nextPageToken\":\"");
    token = at == std::string::npos ? "" : body.substr(at + 17, body.find('"', at + 17) - at - 17);
    ++pages;
  } while (!token.empty() && pages < 10);
  EXPECT_EQ(seen.size(), 25U);
  EXPECT_EQ(pages, 3);
}

TEST(MultiModel, OfManyClientsWhoLoadAndUnloadAtATimeOneEachSucceeds) {
  Endpoint endpoint(Variables{{"RINGMAKER_SHARDS", "2"}});
  endpoint.put("a", 1, 0);
  for (int round = 0; round < 5; ++round) {
    for (const bool load : {true, false}) {
      std::atomic<int> fine{0};
      std::atomic<int> late{0};
      std::vector<std::thread> clients;
      for (int i = 0; i < 8; ++i) {
        clients.emplace_back([&] {
          const int status = load ? endpoint.load("a").status : endpoint.unload("a").status;
          fine += status == 200 ? 1 : 0;
          late += status == (load ? 409 : 404) ? 1 : 0;
        });
      }
      for (std::thread& client : clients) {
        client.join();
      }
      EXPECT_EQ(fine, 1);
      EXPECT_EQ(late, 7);
    }
  }
}

TEST(MultiModel, AnUnloadWaitsForTheInvocationInHandWhichIsAnswered) {
  Endpoint endpoint(Variables{{"RINGMAKER_SHARDS", "1"}});
  endpoint.put("a", 2, 0.5);
  ASSERT_EQ(endpoint.load("a").status, 200);
  test::LoopbackPeer slow(endpoint.port());
  ASSERT_TRUE(
      slow.send("POST /models/a/invoke HTTP/1.1\r\nHost: x\r\nContent-Type: text/csv\r\n"
                "Transfer-Encoding: chunked\r\n\r\n4\r\n1,2\n\r\n"));
  while (get(endpoint.port(), "/metrics").body.find("inflight_requests 1") == std::string::npos) {
  }
  std::atomic<bool> unloaded{false};
  std::thread unload([&] {
    EXPECT_EQ(endpoint.unload("a").status, 200);
    unloaded = true;
  });
  while (endpoint.invoke("a", "1,2").status != 404) {
  }
  EXPECT_FALSE(unloaded) << "a request still holds it";
  ASSERT_TRUE(slow.send("4\r\n3,4\n\r\n0\r\n\r\n"));
  EXPECT_THAT(slow.receive_until("7.5\n"), HasSubstr("\r\n\r\n3.5\n7.5\n"));
  unload.join();
}

TEST(MultiModel, LargeModelsComeAndGoWithTheirMemory) {
  Endpoint endpoint;
  endpoint.put("large", 500'000, 0);
  ASSERT_EQ(endpoint.load("large").status, 200);
  ASSERT_EQ(endpoint.unload("large").status, 200);
  const size_t before = resident_bytes(endpoint.server().pid());
  ASSERT_EQ(endpoint.load("large").status, 200);
  for (int i = 0; i < 5; ++i) {
    ASSERT_EQ(endpoint.unload("large").status, 200);
    ASSERT_EQ(endpoint.load("large").status, 200);
  }
  ASSERT_EQ(endpoint.unload("large").status, 200);
#if !defined(__SANITIZE_ADDRESS__)
  EXPECT_LT(resident_bytes(endpoint.server().pid()), before + (8 << 20));
#else
  EXPECT_GT(before, 0U) << "AddressSanitizer keeps what is freed: only the release is measured";
#endif
}

TEST(MultiModel, EndsInOrderWithModelsLoaded) {
  Endpoint endpoint;
  endpoint.put("a", 1, 0);
  ASSERT_EQ(endpoint.load("a").status, 200);
  endpoint.server().signal(SIGTERM);
  EXPECT_EQ(endpoint.server().wait(30), 0);
}

TEST(MultiModel, InvocationsOfOtherModelsGoOnWhileAModelLoads) {
  Endpoint endpoint(Variables{{"RINGMAKER_SHARDS", "1"}});
  endpoint.put("small", 2, 0);
  endpoint.put("large", 1'000'000, 0);
  ASSERT_EQ(endpoint.load("small").status, 200);
  std::atomic<bool> loaded{false};
  std::thread loader([&] {
    EXPECT_EQ(endpoint.load("large").status, 200);
    loaded = true;
  });
  int answered = 0;
  while (!loaded) {
    EXPECT_EQ(endpoint.invoke("small", "1,2").body, "3\n");
    answered += loaded ? 0 : 1;
  }
  loader.join();
  EXPECT_GT(answered, 1) << "the one shard was free all the while";
}

/// Sends requests 0 to `count` - 1 over one connection, 16 at a time, and reads their answers.
template <class Make>
std::vector<std::string> pipelined(int port, size_t count, const Make& make) {
  constexpr size_t kAtATime = 16;
  test::LoopbackPeer peer(port);
  std::vector<std::string> answers;
  while (answers.size() < count) {
    std::string requests;
    const size_t end = std::min(count, answers.size() + kAtATime);
    for (size_t i = answers.size(); i < end; ++i) {
      requests += make(i);
    }
    // The one behind them has an end that can be told.
    EXPECT_TRUE(peer.send(requests + "GET /end-of-window HTTP/1.1\r\nHost: x\r\n\r\n"));
    const std::string text = peer.receive_until("or /metrics\n");
    size_t at = 0;
    for (size_t i = answers.size(); i < end; ++i) {
      const size_t next = text.find("HTTP/1.1 ", at + 1);
      answers.push_back(text.substr(at, next - at));
      at = next == std::string::npos ? text.size() : next;
    }
  }
  return answers;
}

std::string request(std::string_view line, std::string_view body) {
  return fmt::format(
      "{} HTTP/1.1\r\nHost: x\r\nContent-Type: text/csv\r\nContent-Length: {}\r\n\r\n{}", line,
      body.size(), body);
}

TEST(MultiModel, TenThousandModelsLiveInOneProcess) {
  constexpr size_t kModels = 10'000;
  constexpr size_t kKinds = 7;
  Endpoint endpoint(Variables{{"RINGMAKER_SHARDS", "2"}});
  for (size_t i = 0; i < kKinds; ++i) {
    endpoint.put(std::to_string(i), 4, static_cast<double>(i));
  }
  const int port = endpoint.port();
  const auto all_are = [](const std::vector<std::string>& answers, std::string_view status) {
    return std::all_of(answers.begin(), answers.end(), [&](const std::string& answer) {
      return answer.starts_with(fmt::format("HTTP/1.1 {} ", status));
    });
  };
  const size_t empty = resident_bytes(endpoint.server().pid());
  EXPECT_TRUE(all_are(
      pipelined(port, kModels,
                [](size_t i) {
                  return request(
                      "POST /models",
                      fmt::format(R"({{"model_name":"{}","url":"/opt/ml/models/{}/model"}})", i,
                                  i % kKinds));
                }),
      "200"));
  const size_t full = resident_bytes(endpoint.server().pid());
  EXPECT_THAT(get(port, "/metrics").body, HasSubstr("\nringmaker_models 10000\n"));
  const auto scores = pipelined(port, kModels, [](size_t i) {
    return request(fmt::format("POST /models/{}/invoke", i), "1,2,3,4");
  });
  for (size_t i = 0; i < kModels; ++i) {
    ASSERT_TRUE(scores[i].ends_with(fmt::format("\r\n\r\n{}\n", 10 + i % kKinds))) << scores[i];
  }
  const size_t used = resident_bytes(endpoint.server().pid());
#if !defined(__SANITIZE_ADDRESS__)
  EXPECT_LT(full - empty, kModels * 8'192);
  EXPECT_LT(used, full + (16 << 20)) << "buffers follow the models in use";
#else
  EXPECT_LE(empty, std::min(full, used)) << "AddressSanitizer keeps what is freed";
#endif
  EXPECT_TRUE(all_are(pipelined(port, kModels,
                                [](size_t i) {
                                  return fmt::format(
                                      "DELETE /models/{} HTTP/1.1\r\nHost: x\r\n\r\n", i);
                                }),
                      "200"));
  EXPECT_EQ(get(port, "/models").body, R"({"models":[]})");
}

// ---- What users complain of elsewhere

TEST(Complaint, GetModelsIsFineBeforeTheFirstLoad) {
  Endpoint endpoint;
  const auto models = get(endpoint.port(), "/models");
  EXPECT_EQ(models.status, 200);
  EXPECT_EQ(models.body, R"({"models":[]})");
  EXPECT_EQ(get(endpoint.port(), "/ping").status, 200);
}

TEST(Complaint, OutOfMemoryIs507BeforeTheKernelKills) {
  Endpoint endpoint(Variables{{"RINGMAKER_MEMORY_BYTES_MAX", std::to_string(400 << 20)},
                              {"RINGMAKER_HELD_BYTES_MAX", std::to_string(1 << 20)}});
  [[maybe_unused]] const size_t empty = resident_bytes(endpoint.server().pid());
  endpoint.put("m", 2'000'000, 0);
  int loaded = 0;
  test::HttpAnswer answer;
  do {
    answer = endpoint.load(fmt::format("m{}", loaded), "m");
    ++loaded;
  } while (answer.status == 200 && loaded < 100);
  EXPECT_EQ(answer.status, 507) << answer.body;
  EXPECT_THAT(answer.body, HasSubstr("unload others first"));
  constexpr size_t kAllowed = size_t{400} << 20;
#ifdef __SANITIZE_ADDRESS__
  const size_t sanitizers_own = empty + kAllowed / 8;  // a shadow byte for eight
#else
  constexpr size_t sanitizers_own = 0;
#endif
  EXPECT_LT(resident_bytes(endpoint.server().pid()), kAllowed + sanitizers_own);
  EXPECT_EQ(get(endpoint.port(), "/ping").status, 200) << "no reason to replace the instance";
}

TEST(Complaint, AModelIsNotCopiedForEachWorker) {
  const auto grown = [](const char* shards) {
    Endpoint endpoint(Variables{{"RINGMAKER_SHARDS", shards}});
    endpoint.put("m", 2'000'000, 0);
    const size_t before = resident_bytes(endpoint.server().pid());
    EXPECT_EQ(endpoint.load("m").status, 200);
    return static_cast<double>(resident_bytes(endpoint.server().pid()) - before);
  };
  const double one = grown("1");
  const double eight = grown("8");
  EXPECT_LT(eight, 1.5 * one);
}

TEST(Complaint, NothingIs200WhileItIsBroken) {
  Endpoint endpoint;
  endpoint.tree().write("models/broken/model/model.ringmaker", "no model at all");
  const test::HttpAnswer refused = endpoint.load("broken");
  EXPECT_EQ(refused.status, 400);
  EXPECT_THAT(refused.body, HasSubstr("model.ringmaker: this is not a Ringmaker model file"));
  EXPECT_EQ(endpoint.invoke("broken", "1").status, 404);
  EXPECT_EQ(get(endpoint.port(), "/models/broken").status, 404);
  test::TemporaryDirectory tree;
  tree.write("model/model.ringmaker", "no model at all");
  const int port = test::free_port();
  test::Program server({"serve"}, {{"SAGEMAKER_BASE_DIR", tree.path()},
                                   {"SAGEMAKER_BIND_TO_PORT", std::to_string(port)}});
  EXPECT_FALSE(test::wait_until_healthy(port, server));
  EXPECT_EQ(server.wait(20), 2);
}

TEST(Complaint, NoLogLineForAPingOrAListOfModels) {
  Endpoint endpoint(Variables{{"RINGMAKER_ACCESS_LOG", "all"}, {"SAGEMAKER_MULTI_MODEL", "true"}});
  for (int i = 0; i < 50; ++i) {
    EXPECT_EQ(get(endpoint.port(), "/ping").status, 200);
    EXPECT_EQ(get(endpoint.port(), "/models").status, 200);
  }
  endpoint.server().signal(SIGTERM);
  EXPECT_EQ(endpoint.server().wait(30), 0);
  const std::string errors = endpoint.server().errors();
  EXPECT_EQ(std::count(errors.begin(), errors.end(), '\n'), 2) << "start and stop: " << errors;
}

TEST(Complaint, CustomAttributesComeBackAndTheInferenceIdIsInTheLog) {
  Endpoint endpoint;
  endpoint.put("a", 2, 0);
  ASSERT_EQ(endpoint.load("a").status, 200);
  const std::string fields = std::string(kCsv) +
                             "X-Amzn-SageMaker-Custom-Attributes: tag=7 of 9\r\n"
                             "X-Amzn-SageMaker-Inference-Id: id-42\r\n"
                             "X-Amzn-SageMaker-Target-Model: a.tar.gz\r\n";
  const auto answer = endpoint.invoke("a", "1,2", fields);
  EXPECT_EQ(answer.status, 200);
  EXPECT_THAT(answer.head, HasSubstr("X-Amzn-SageMaker-Custom-Attributes: tag=7 of 9\r\n"));
  EXPECT_THAT(endpoint.invoke("a", "1,2").head, Not(HasSubstr("Custom-Attributes")));
  EXPECT_EQ(endpoint.invoke("a", "x,2", fields).status, 400);
  endpoint.server().signal(SIGTERM);
  EXPECT_EQ(endpoint.server().wait(30), 0);
  EXPECT_THAT(endpoint.server().errors(), HasSubstr(R"("route":"/models/a/invoke")"));
  EXPECT_THAT(endpoint.server().errors(), HasSubstr(R"("request_id":"id-42")"));
}

TEST(Complaint, PingDoesNotStarveWhileEveryShardIsBusy) {
  Endpoint endpoint(Variables{{"RINGMAKER_SHARDS", "1"}});
  endpoint.put("a", 4, 0);
  ASSERT_EQ(endpoint.load("a").status, 200);
  std::string body;
  while (body.size() < 5'000'000) {
    body += "5.10000000000000,3.50000000000000,1.40000000000000,0.20000000000000\n";
  }
  std::atomic<int> unfinished{3};
  std::vector<std::thread> clients;
  for (int i = 0; i < 3; ++i) {
    clients.emplace_back([&] {
      EXPECT_EQ(endpoint.invoke("a", body).status, 200);
      --unfinished;
    });
  }
  int answered = 0;
  while (unfinished > 0) {
    EXPECT_EQ(get(endpoint.port(), "/ping").status, 200);
    EXPECT_EQ(get(endpoint.port(), "/models").status, 200);
    answered += unfinished == 3 ? 1 : 0;
  }
  for (std::thread& client : clients) {
    client.join();
  }
  EXPECT_GT(answered, 0) << "while not one of the bodies was done";
}

TEST(MultiModel, InferenceProtocolsKnowModelsByTheirNames) {
  Endpoint endpoint(Variables{{"RINGMAKER_PLATFORM", "local"}});
  endpoint.put("a", 2, 0);
  EXPECT_EQ(get(endpoint.port(), "/v2/models/a/ready").status, 404);
  EXPECT_EQ(endpoint.load("a").status, 200);
  EXPECT_EQ(get(endpoint.port(), "/v1/models").body, R"({"models":["a"]})");
  EXPECT_EQ(post(endpoint.port(), "/v1/models/a:predict", "", R"({"instances":[[1,2]]})").body,
            R"({"predictions":[3]})");
  EXPECT_EQ(post(endpoint.port(), "/v2/models/b/infer", "", "{}").status, 404);
  EXPECT_EQ(post(endpoint.port(), "/v2/models/a/infer", "",
                 R"({"inputs":[{"name":"x0","shape":[1],"datatype":"INT32","data":[1]},)"
                 R"({"name":"x1","shape":[1],"datatype":"INT32","data":[4]}]})")
                .body,
            R"({"model_name":"a","model_version":"1","outputs":[{"name":"predicted_score",)"
            R"("shape":[1],"datatype":"FP32","data":[5]}]})");
}

}  // namespace
}  // namespace ringmaker
