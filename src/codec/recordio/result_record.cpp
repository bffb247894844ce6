#include "codec/recordio/result_record.h"

#include "wire/little_endian.h"

#include <cstdint>

namespace ringmaker::codec {
namespace {

constexpr uint32_t kMagic = 0xCED7230A;
constexpr size_t kHeaderBytes = 2 * sizeof(uint32_t);
// Field numbers with the wire type "length-delimited": number << 3 | 2.
constexpr char kRecordLabel = 2 << 3 | 2;
constexpr char kEntryKey = 1 << 3 | 2;
constexpr char kEntryValue = 2 << 3 | 2;
constexpr char kFloat32Tensor = 2 << 3 | 2;
constexpr char kTensorValues = 1 << 3 | 2;

void append_varint(uint64_t value, std::string& out) {
  for (; value >= 0x80; value >>= 7U) {
    out += static_cast<char>(value | 0x80U);
  }
  out += static_cast<char>(value);
}

size_t varint_bytes(uint64_t value) {
  size_t bytes = 1;
  for (; value >= 0x80; value >>= 7U) {
    ++bytes;
  }
  return bytes;
}

/// Tag, length and content of a field of so many bytes.
size_t field_bytes(size_t content) { return 1 + varint_bytes(content) + content; }

void open_field(char tag, size_t content, std::string& out) {
  out += tag;
  append_varint(content, out);
}

}  // namespace

ResultRecord::ResultRecord(std::string& out) : out_(out), begin_(out.size()) {
  out_.append(kHeaderBytes, '\0');
}

/// {name: {float32_tensor: {values: [...]}}}
void ResultRecord::open_entry(std::string_view name, size_t count) {
  const size_t packed = count * sizeof(float);
  const size_t tensor = field_bytes(packed);
  const size_t value = field_bytes(tensor);
  open_field(kRecordLabel, field_bytes(name.size()) + field_bytes(value), out_);
  open_field(kEntryKey, name.size(), out_);
  out_ += name;
  open_field(kEntryValue, value, out_);
  open_field(kFloat32Tensor, tensor, out_);
  open_field(kTensorValues, packed, out_);
}

void ResultRecord::append_value(float value) {
  char bytes[sizeof value];
  wire::store_little_endian(bytes, value);
  out_.append(bytes, sizeof bytes);
}

void ResultRecord::close() {
  const size_t length = out_.size() - begin_ - kHeaderBytes;
  wire::store_little_endian(out_.data() + begin_, kMagic);
  wire::store_little_endian(out_.data() + begin_ + sizeof kMagic, static_cast<uint32_t>(length));
  out_.append((4 - length % 4) % 4, '\0');
}

}  // namespace ringmaker::codec
