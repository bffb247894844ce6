// ResultRecord: appends one framed aialgs.data.Record whose map "label" holds results. Layout: see
// RecordioReader and RecordioDecoder.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace ringmaker::codec {

/// Entries, each followed by its values, then close(). `out` must outlive it.
class ResultRecord {
 public:
  /// Around the entries of a record, and around the values of an entry whose name is as short as
  /// ours are.
  static constexpr size_t kFrameBytesMax = 12;
  static constexpr size_t kEntryBytesMax = 64;

  explicit ResultRecord(std::string& out);

  /// The next `count` values belong to `name`.
  void open_entry(std::string_view name, size_t count);
  void append_value(float value);
  /// Pads the record and writes its length where that belongs.
  void close();

 private:
  std::string& out_;
  size_t begin_;  // of the frame
};

}  // namespace ringmaker::codec
