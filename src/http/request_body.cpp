#include "http/request_body.h"

#include "http/request_parser.h"

#include <algorithm>

namespace ringmaker::http {
namespace {

/// The sentence lives as long as the limits, which are the server's.
Refusal too_large(const Limits& limits) noexcept { return {413, limits.body_too_large}; }

uint64_t bytes_max(BodyMode mode, const Limits& limits) noexcept {
  switch (mode) {
    case BodyMode::kCollect:
      return limits.body_bytes_max;
    case BodyMode::kStream:
      return limits.streamed_body_bytes_max;
    case BodyMode::kDiscard:
      break;
  }
  return limits.discarded_body_bytes_max;
}

}  // namespace

void RequestBody::begin(const ParsedHead& head) noexcept {
  mode_ = BodyMode::kDiscard;
  chunked_ = head.head.chunked;
  endless_ = false;
  expects_continue_ = head.expects_continue;
  left_ = head.head.content_length.value_or(0);
  announced_ = left_;
  taken_ = 0;
  bytes_max_ = 0;
  ended_ = !chunked_ && left_ == 0;
  chunks_.reset();
  refusal_ = {};
}

void RequestBody::begin_endless() noexcept {
  endless_ = true;
  ended_ = false;
  expects_continue_ = false;
}

Refusal RequestBody::beyond_all(const Limits& limits) const noexcept {
  const uint64_t largest = std::max(limits.body_bytes_max, limits.streamed_body_bytes_max);
  return announced_ > largest ? too_large(limits) : Refusal{};
}

Refusal RequestBody::admit(BodyMode mode, const Limits& limits) noexcept {
  mode_ = mode;
  bytes_max_ = bytes_max(mode, limits);
  too_large_ = too_large(limits);
  return announced_ > bytes_max_ ? too_large_ : Refusal{};
}

void RequestBody::discard(const Limits& limits) noexcept {
  mode_ = BodyMode::kDiscard;
  too_large_ = too_large(limits);
  endless_ = false;
  bytes_max_ = taken_ + limits.discarded_body_bytes_max;
}

std::string RequestBody::describe_cut() const {
  const std::string sentence =
      "the body ends after " + std::to_string(taken_) + (taken_ == 1 ? " byte" : " bytes");
  return chunked_ ? sentence + ", without a last chunk"
                  : sentence + "; Content-Length says " + std::to_string(announced_);
}

RequestBody::Step RequestBody::take(std::string_view bytes) noexcept {
  if (endless_) {
    return {Verdict::kData, bytes.size(), bytes};
  }
  return chunked_ ? take_chunk(bytes) : take_counted(bytes);
}

RequestBody::Step RequestBody::take_counted(std::string_view bytes) noexcept {
  const auto size = static_cast<size_t>(std::min<uint64_t>(left_, bytes.size()));
  left_ -= size;
  taken_ += size;
  ended_ = left_ == 0;
  const Verdict verdict = ended_      ? Verdict::kComplete
                          : size == 0 ? Verdict::kNeedMore
                                      : Verdict::kData;
  return {verdict, size, bytes.substr(0, size)};
}

RequestBody::Step RequestBody::take_chunk(std::string_view bytes) noexcept {
  const ChunkedBody::Step step = chunks_.take(bytes);
  announced_ = chunks_.announced_bytes();
  taken_ = chunks_.data_bytes();
  if (announced_ > bytes_max_) {
    refusal_ = too_large_;
    return {Verdict::kRefused, step.consumed, {}};
  }
  switch (step.verdict) {
    case ChunkedBody::Verdict::kNeedMore:
      return {Verdict::kNeedMore, step.consumed, {}};
    case ChunkedBody::Verdict::kData:
      return {Verdict::kData, step.consumed, step.data};
    case ChunkedBody::Verdict::kComplete:
      ended_ = true;
      return {Verdict::kComplete, step.consumed, {}};
    case ChunkedBody::Verdict::kRefused:
      break;
  }
  refusal_ = chunks_.refusal();
  return {Verdict::kRefused, step.consumed, {}};
}

}  // namespace ringmaker::http
