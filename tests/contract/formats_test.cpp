// What a body may be, with the built binary: formats that others write, and what a request says of
// them.
#include "tests/contract/iris_model.h"
#include "tests/support/loopback_peer.h"
#include "tests/support/program.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <memory>
#include <string>

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

  const std::string one_ = "0.9846944,0.01530552,6.203548e-8\n";
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

}  // namespace
}  // namespace ringmaker
