#include "codec/tensors/member_text.h"

#include "base/text.h"

#include <algorithm>

namespace ringmaker::codec {

bool MemberText::append(std::string_view content, uint64_t byte) {
  if (text_.empty()) {
    text_ = '[';
    byte_ = byte;
  }
  if (text_.size() + content.size() > kBytesMax) {
    return false;
  }
  text_ += content;
  return true;
}

std::string_view MemberText::text() const noexcept {
  return base::trimmed(std::string_view(text_).substr(1), base::kWhiteSpace);
}

DecodeErrorCode MemberText::parse(bool array) {
  text_ += ']';
  if (array) {
    text_.insert(0, 1, '[');
    text_ += ']';
  }
  text_.reserve(text_.size() + wire::JsonEvents::kPadding);
  member_.reset();
  const wire::JsonResult result = events_.parse(text_, member_);
  if (array) {
    text_.erase(0, 1);
    text_.pop_back();
  }
  text_.pop_back();
  if (result.outcome == wire::JsonOutcome::kComplete) {
    return DecodeErrorCode::kNone;
  }
  error_byte_ = byte_ + std::clamp<size_t>(result.byte, 1, text_.size()) - 1;
  return result.outcome == wire::JsonOutcome::kInvalidUtf8 ? DecodeErrorCode::kInvalidUtf8
                                                           : DecodeErrorCode::kJsonSyntax;
}

}  // namespace ringmaker::codec
