// TensorWishes: what a request in tensors says of its answer: what to call it, which outputs, and
// which of them as bytes.
#pragma once

#include "codec/tensors/tensor_member.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ringmaker::codec {

/// Not thread-safe.
class TensorWishes {
 public:
  void reset() noexcept;

  /// `json` is a string.
  void take_id(std::string_view json) { id_ = json; }
  /// The parameters of the whole request.
  void take_parameters(const TensorMember& parameters) noexcept;
  /// An object of "outputs", with a name.
  void take_output(const TensorMember& output);

  [[nodiscard]] std::string_view id() const noexcept { return id_; }
  /// Names joined by commas.
  [[nodiscard]] std::optional<std::string_view> outputs() const noexcept {
    return outputs_.empty() ? std::nullopt : std::optional<std::string_view>(outputs_);
  }
  /// Of outputs(); of all, where there are none.
  [[nodiscard]] bool wants_bytes(size_t place) const noexcept;

 private:
  std::string id_;
  std::string outputs_;
  bool binary_ = false;                         // outputs that do not say
  std::vector<std::optional<bool>> binary_of_;  // each of outputs_
};

}  // namespace ringmaker::codec
