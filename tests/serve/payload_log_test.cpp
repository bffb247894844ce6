// What the log and the client are told of a payload in error.
#include "serve/payload_log.h"

#include "serve/invocation_table.h"
#include "tests/batch/sum_predictor.h"
#include "tests/serve/fake_exchange.h"
#include "tests/support/manual_clock.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <memory>
#include <string>

namespace ringmaker::serve {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class PayloadLogTest : public testing::Test {
 protected:
  ~PayloadLogTest() override {
    table_.end(invocation_);
    std::fclose(file_);
  }

  [[nodiscard]] std::string written() {
    log_.flush();
    std::string text(1 << 14, '\0');
    const ssize_t bytes = ::pread(::fileno(file_), text.data(), text.size(), 0);
    text.resize(static_cast<size_t>(std::max<ssize_t>(bytes, 0)));
    return text;
  }
  static codec::DecodeError text_in_row_3() {
    codec::DecodeError error{.code = codec::DecodeErrorCode::kNotANumber, .row = 3, .column = 2};
    error.set_text("secret");
    return error;
  }

  std::FILE* file_ = std::tmpfile();
  test::ManualClock clock_;
  telemetry::Log log_{clock_, {.descriptor = ::fileno(file_)}};
  AccessLog access_{log_, {.errors = true}};
  AccessLog silent_{log_, {.errors = false}};
  batch::SumPredictor predictor_;
  ModelTable models_{&predictor_, {}};
  InvocationTable table_{models_, 1'000'000};
  FakeExchange exchange_{
      http::Method::kPost, "/invocations", {{"X-Amzn-SageMaker-Inference-Id", "id-7"}}};
  Invocation& invocation_ = table_.begin(exchange_, *models_.own(), Route::kInvocations, {});
};

TEST_F(PayloadLogTest, APayloadIsToldWithItsPlaceAndRequest) {
  PayloadLog payloads(log_, access_, false);
  payloads.tell_of_payload(invocation_, 400, text_in_row_3(), "what was wrong");
  EXPECT_THAT(written(), AllOf(HasSubstr("\"event\":\"decode_error\""), HasSubstr("\"status\":400"),
                               HasSubstr("\"row\":3"), HasSubstr("\"column\":2"),
                               HasSubstr("what was wrong"), HasSubstr("\"request_id\":\"id-7\"")));
}

TEST_F(PayloadLogTest, WhatHasNoPlaceNamesNone) {
  PayloadLog payloads(log_, access_, false);
  payloads.tell_of_payload(invocation_, 413, {}, "too large");
  EXPECT_THAT(written(), AllOf(HasSubstr("\"status\":413"), Not(HasSubstr("\"row\""))));
}

TEST_F(PayloadLogTest, RecordsInErrorAreToldOnceAPayload) {
  PayloadLog payloads(log_, access_, false);
  payloads.tell_of_record(invocation_, text_in_row_3());
  codec::DecodeError later = text_in_row_3();
  later.row = 4;
  payloads.tell_of_record(invocation_, later);
  EXPECT_THAT(written(), AllOf(HasSubstr("\"event\":\"bad_record\""), HasSubstr("\"row\":3"),
                               Not(HasSubstr("\"row\":4"))));
}

TEST_F(PayloadLogTest, NothingIsToldWhereErrorsAreNotLogged) {
  PayloadLog payloads(log_, silent_, false);
  payloads.tell_of_record(invocation_, text_in_row_3());
  payloads.tell_of_payload(invocation_, 400, text_in_row_3(), "what was wrong");
  EXPECT_THAT(written(), IsEmpty());
}

TEST_F(PayloadLogTest, BriefSentencesSayWhereAndNotWhat) {
  const PayloadLog open(log_, access_, false);
  const PayloadLog brief(log_, access_, true);
  EXPECT_THAT(open.sentence(invocation_, text_in_row_3()), HasSubstr("secret"));
  EXPECT_THAT(brief.sentence(invocation_, text_in_row_3()),
              AllOf(HasSubstr("row 3, column 2"), Not(HasSubstr("secret"))));
  EXPECT_THAT(PayloadLog::detail(invocation_, text_in_row_3()), HasSubstr("secret"))
      << "the log has it in any case";
}

}  // namespace
}  // namespace ringmaker::serve
