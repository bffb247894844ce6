// ColumnsAhead: looks for "columns" behind "data", for payloads that name their columns last.
//
//   {"data": [[1, 2], ...], "index": [0, ...], "columns": ["a", "b"]}
//             ^ begin()                        ^ found: now the rows can be read
//
// What is passed over is kept back and read afterwards, a part at a call, so that a call stays
// short. How far is looked depends on the payload alone and not on how it is cut: kBytesMax bytes.
#pragma once

#include "codec/json/json_splitter.h"
#include "wire/json_events.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ringmaker::codec {

/// Not thread-safe.
class ColumnsAhead {
 public:
  static constexpr size_t kBytesMax = size_t{1} << 20U;

  /// `events` parses the names.
  explicit ColumnsAhead(wire::JsonEvents& events) : events_(events) {}

  void reset() noexcept;

  /// `splitter` stands behind the bracket that opens the rows, at `byte` of the payload.
  void begin(const JsonSplitter& splitter, uint64_t byte);
  /// It is not known yet whether there are columns.
  [[nodiscard]] bool looking() const noexcept { return looking_; }
  /// Keeps back what is needed of `piece`, and looks at it. Returns how many bytes it has taken.
  /// `last`: nothing comes behind it. Requires looking().
  size_t look(std::string_view piece, bool last);
  /// The names found; nothing where there are none, or no names.
  [[nodiscard]] const std::optional<std::vector<std::string>>& columns() const noexcept {
    return columns_;
  }

  /// What is kept back and not read yet begins here, at held_byte() of the payload.
  [[nodiscard]] std::string_view held() const noexcept {
    return std::string_view(held_).substr(read_);
  }
  [[nodiscard]] uint64_t held_byte() const noexcept { return begin_byte_ + read_; }
  /// Later text comes behind what is held.
  void hold(std::string_view more) { held_ += more; }
  /// So many bytes of what is held have been read.
  void drop(size_t bytes);

 private:
  void look_on(bool all);
  void read_names(std::string_view array);

  wire::JsonEvents& events_;
  JsonSplitter splitter_;
  bool looking_ = false;
  std::string held_;
  size_t read_ = 0;              // of held_
  size_t looked_ = 0;            // of held_
  std::optional<size_t> array_;  // where in held_ the array of columns begins
  uint64_t begin_byte_ = 0;      // of held_, in the payload
  std::optional<std::vector<std::string>> columns_;
};

}  // namespace ringmaker::codec
