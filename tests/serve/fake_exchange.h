// FakeExchange: a request without a connection, and what was answered to it.
#pragma once

#include "http/exchange.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace ringmaker::serve {

class FakeExchange final : public http::Exchange {
 public:
  using Fields = std::vector<std::pair<std::string, std::string>>;

  FakeExchange(http::Method method, std::string path, Fields fields = {}, std::string body = {})
      : path_(std::move(path)), fields_(std::move(fields)), body_(std::move(body)), arena_(1024) {
    for (const auto& [name, value] : fields_) {
      headers_.push_back({name, value});
    }
    head_.method = method;
    head_.path = path_;
    head_.headers = headers_;
    if (method == http::Method::kPost) {
      head_.content_length = body_.size();
    }
  }

  http::RequestHead& edit_head() noexcept { return head_; }
  [[nodiscard]] const std::string& body() const noexcept { return body_; }

  [[nodiscard]] const http::RequestHead& head() const noexcept override { return head_; }
  [[nodiscard]] uint64_t started_ns() const noexcept override { return 0; }
  [[nodiscard]] uint64_t waited_ns() const noexcept override { return waited; }
  [[nodiscard]] base::Arena& arena() noexcept override { return arena_; }
  [[nodiscard]] void*& user() noexcept override { return user_; }
  void respond(const http::ResponseHead& head, std::string_view body) override {
    begin_response(head, body.size());
    answer += body;
    complete = true;
  }
  void begin_response(const http::ResponseHead& head, std::optional<uint64_t> body_bytes) override {
    EXPECT_EQ(status, 0) << "answered twice";
    status = head.status;
    content_type = head.content_type;
    sized = body_bytes.has_value();
    for (const http::Header& header : head.extra_headers) {
      extra.emplace_back(header.name, header.value);
    }
  }
  [[nodiscard]] bool write(std::string_view part) override {
    answer += part;
    ++parts;
    return answer.size() < room;
  }
  void finish() override {
    EXPECT_FALSE(complete);
    complete = true;
  }
  void abort(std::string_view /*why*/) override { aborted = true; }
  void switch_protocols(const http::ResponseHead& head) override {
    begin_response(head, std::nullopt);
    switched = true;
  }
  void wake_at(uint64_t time_ns) override { due_ns = time_ns; }
  void pause_body() override { paused = true; }
  void resume_body() override { paused = false; }

  uint64_t waited = 0;  // in the kernel
  int status = 0;
  std::string content_type;
  std::string answer;
  Fields extra;
  bool sized = false;
  bool complete = false;
  bool aborted = false;
  bool paused = false;
  bool switched = false;
  uint64_t due_ns = UINT64_MAX;
  size_t parts = 0;
  size_t room = SIZE_MAX;  // write() asks to wait above it

 private:
  std::string path_;
  Fields fields_;
  std::string body_;
  std::vector<http::Header> headers_;
  http::RequestHead head_;
  base::Arena arena_;
  void* user_ = nullptr;
};

}  // namespace ringmaker::serve
