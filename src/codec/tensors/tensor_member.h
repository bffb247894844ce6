// TensorMember: the small members around a tensor's data, each parsed by itself.
//
//   "name": "x"   "datatype": "FP32"   "id": "7"     a text
//   "shape": [2, 3]                                  whole numbers
//   "parameters": {"binary_data_size": 24, "binary_data": true, "binary_data_output": true, ...}
//   {"name": "x", "parameters": {...}}               one of "outputs"
// What else an object holds is ignored.
#pragma once

#include "wire/json_events.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ringmaker::codec {

/// Told the member inside of an array of its own. Not thread-safe.
class TensorMember final : public wire::JsonHandler {
 public:
  enum class Kind : uint8_t { kOther, kText, kNumbers, kObject };

  void reset() noexcept;

  [[nodiscard]] Kind kind() const noexcept { return kind_; }
  /// The text itself, or that of an object's "name".
  [[nodiscard]] const std::optional<std::string>& text() const noexcept { return text_; }
  [[nodiscard]] const std::vector<uint64_t>& numbers() const noexcept { return numbers_; }
  [[nodiscard]] std::optional<uint64_t> binary_bytes() const noexcept { return binary_bytes_; }
  [[nodiscard]] std::optional<bool> binary() const noexcept { return binary_; }
  [[nodiscard]] std::optional<bool> binary_output() const noexcept { return binary_output_; }
  /// What is wrong with the first of these three that is of another kind; empty: nothing.
  [[nodiscard]] std::string_view problem() const noexcept { return problem_; }

  bool on_begin_array() override;
  bool on_end_array() override;
  bool on_begin_object() override;
  bool on_end_object() override;
  bool on_key(std::string_view key) override;
  bool on_number(double value, std::string_view token) override;
  bool on_string(std::string_view text) override;
  bool on_bool(bool truth) override;
  bool on_null() override;

 private:
  enum class Key : uint8_t { kOther, kName, kBinaryBytes, kBinary, kBinaryOutput };

  bool scalar() noexcept;
  void note_wrong_kind() noexcept;

  Kind kind_ = Kind::kOther;
  Key key_ = Key::kOther;
  int depth_ = 0;
  std::optional<std::string> text_;
  std::vector<uint64_t> numbers_;
  std::optional<uint64_t> binary_bytes_;
  std::optional<bool> binary_;
  std::optional<bool> binary_output_;
  std::string_view problem_;
};

}  // namespace ringmaker::codec
