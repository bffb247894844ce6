#include "serve/coded_bodies.h"

#include "base/check.h"

namespace ringmaker::serve {

void CodedBodies::begin(Invocation& invocation, wire::Coding coding) {
  invocation.coded.begin(coding, inflaters_, inflated_bytes_max_);
  note_held(invocation);
}

void CodedBodies::end(Invocation& invocation) {
  invocation.coded.end();
  note_held(invocation);
}

void CodedBodies::append(Invocation& invocation, std::string_view coded, bool last) {
  invocation.coded.append(coded, last);
  note_held(invocation);
}

CodedBodies::Text CodedBodies::inflate(Invocation& invocation, size_t bytes_max) {
  RM_CHECK(bytes_max <= kInHandBytesMax);
  if (text_ == nullptr) {
    text_ = std::make_unique_for_overwrite<char[]>(kInHandBytesMax);
  }
  const auto [verdict, bytes] = invocation.coded.inflate({text_.get(), bytes_max});
  if (verdict == CodedBody::Verdict::kDone) {
    invocation.coded.end();
  }
  note_held(invocation);
  return {verdict, {text_.get(), bytes}};
}

void CodedBodies::note_held(Invocation& invocation) {
  bytes_held_ -= invocation.coded_bytes_held;
  invocation.coded_bytes_held = invocation.coded.bytes_held();
  bytes_held_ += invocation.coded_bytes_held;
}

}  // namespace ringmaker::serve
