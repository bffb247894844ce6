#include "codec/tensors/tensor_wishes.h"

namespace ringmaker::codec {

void TensorWishes::reset() noexcept {
  id_.clear();
  outputs_.clear();
  binary_ = false;
  as_bytes_ = 0;
  as_text_ = 0;
  unsaid_ = 0;
}

void TensorWishes::take_parameters(const TensorMember& parameters) noexcept {
  binary_ = parameters.binary_output().value_or(false);
}

void TensorWishes::take_output(const TensorMember& output) {
  outputs_.append(outputs_.empty() ? "" : ",").append(*output.text());
  ++(!output.binary() ? unsaid_ : *output.binary() ? as_bytes_ : as_text_);
}

BinaryOutputs TensorWishes::binary_outputs() const noexcept {
  const size_t bytes = as_bytes_ + (binary_ ? unsaid_ : 0);
  const size_t text = as_text_ + (binary_ ? 0 : unsaid_);
  if (bytes + text == 0) {
    return binary_ ? BinaryOutputs::kAll : BinaryOutputs::kNone;
  }
  return bytes == 0 ? BinaryOutputs::kNone : text == 0 ? BinaryOutputs::kAll : BinaryOutputs::kSome;
}

}  // namespace ringmaker::codec
