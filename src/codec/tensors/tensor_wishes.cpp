#include "codec/tensors/tensor_wishes.h"

namespace ringmaker::codec {

void TensorWishes::reset() noexcept {
  id_.clear();
  outputs_.clear();
  binary_ = false;
  binary_of_.clear();
}

void TensorWishes::take_parameters(const TensorMember& parameters) noexcept {
  binary_ = parameters.binary_output().value_or(false);
}

void TensorWishes::take_output(const TensorMember& output) {
  outputs_.append(outputs_.empty() ? "" : ",").append(*output.text());
  binary_of_.push_back(output.binary());
}

bool TensorWishes::wants_bytes(size_t place) const noexcept {
  return place < binary_of_.size() ? binary_of_[place].value_or(binary_) : binary_;
}

}  // namespace ringmaker::codec
