#include "serve/coded_body.h"

#include "base/check.h"
#include "base/text.h"

#include <fmt/core.h>

#include <algorithm>

namespace ringmaker::serve {
namespace {

/// What a gzip stream needs is far below, a zstd stream with a wide window above.
constexpr size_t kInflaterBytesKept = 512 * 1024;
constexpr size_t kInflatersKept = 16;  // a coding
constexpr size_t kCodedBytesKept = 16 * 1024;

/// Adds one name of a list to what is known of the body.
void add_coding(std::string_view name, ContentCoding& body) noexcept {
  if (name.empty() || base::equals_ignoring_case(name, "identity")) {
    return;
  }
  const auto coding = wire::coding_named(name);
  // A coding of a coding is a favourite of bombs, and of nobody else.
  body.readable = body.readable && coding && !body.coding;
  body.coding = coding;
}

}  // namespace

ContentCoding content_coding(const http::RequestHead& head) noexcept {
  ContentCoding body;
  for (const http::Header& header : head.headers) {
    if (!base::equals_ignoring_case(header.name, "Content-Encoding")) {
      continue;
    }
    for (std::string_view rest = header.value; !rest.empty();) {
      add_coding(base::take_item(rest), body);
    }
  }
  return body;
}

std::unique_ptr<wire::Inflater> InflaterPool::take(wire::Coding coding) {
  auto& free = free_[static_cast<size_t>(coding)];
  if (free.empty()) {
    return wire::make_inflater(coding);
  }
  auto inflater = std::move(free.back());
  free.pop_back();
  inflater->reset();
  return inflater;
}

void InflaterPool::give_back(wire::Coding coding, std::unique_ptr<wire::Inflater> inflater) {
  auto& free = free_[static_cast<size_t>(coding)];
  if (free.size() < kInflatersKept && inflater->bytes_held() <= kInflaterBytesKept) {
    free.push_back(std::move(inflater));
  }
}

void CodedBody::begin(wire::Coding coding, InflaterPool& pool, uint64_t inflated_bytes_max) {
  RM_CHECK(!begun());
  coding_ = coding;
  pool_ = &pool;
  inflater_ = pool.take(coding);
  inflated_bytes_max_ = inflated_bytes_max;
  taken_ = 0;
  inflated_ = 0;
  filled_ = false;
  ended_ = false;
}

void CodedBody::end() {
  if (begun()) {
    pool_->give_back(coding_, std::move(inflater_));
  }
  coded_.clear();
  at_ = 0;
  if (coded_.capacity() > kCodedBytesKept) {
    std::string().swap(coded_);
  }
}

void CodedBody::append(std::string_view coded, bool last) {
  RM_CHECK(begun());
  RM_CHECK(!ended_);
  coded_.erase(0, at_);
  at_ = 0;
  coded_ += coded;
  ended_ = last;
}

CodedBody::Step CodedBody::inflate(std::span<char> out) {
  RM_CHECK(begun());
  const wire::InflateStep step = inflater_->step(std::string_view(coded_).substr(at_), out);
  at_ += step.consumed;
  taken_ += step.consumed;
  inflated_ += step.produced;
  filled_ = step.produced == out.size();
  if (inflated_ > inflated_bytes_max_) {
    return {Verdict::kTooLarge, 0};
  }
  if (step.broken) {
    return {Verdict::kBroken, step.produced};
  }
  if (filled_) {
    return {Verdict::kFilled, step.produced};
  }
  RM_CHECK(waiting() == 0);
  if (!ended_) {
    return {Verdict::kHungry, step.produced};
  }
  return {inflater_->at_end() ? Verdict::kDone : Verdict::kCut, step.produced};
}

size_t CodedBody::bytes_held() const noexcept {
  return begun() ? coded_.capacity() + inflater_->bytes_held() : 0;
}

std::string CodedBody::describe(Verdict verdict) const {
  const std::string_view coding = wire::name(coding_);
  switch (verdict) {
    case Verdict::kBroken:
      return fmt::format("the body is no whole {} stream: near its byte {}, {}.", coding, taken_,
                         inflater_->problem());
    case Verdict::kCut:
      return fmt::format("the body ends after {}, before its {} stream does.",
                         base::counted(taken_, "byte"), coding);
    case Verdict::kTooLarge:
      return fmt::format(
          "the {} body inflates to more than {} (the option "
          "inflated-bytes-max).",
          coding, base::counted(inflated_bytes_max_, "byte"));
    case Verdict::kFilled:
    case Verdict::kHungry:
    case Verdict::kDone:
      break;
  }
  RM_UNREACHABLE();
}

}  // namespace ringmaker::serve
