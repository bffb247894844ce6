#include "codec/recordio/recordio_encoder.h"

#include "codec/media_type.h"
#include "wire/little_endian.h"
#include "wire/number_parse.h"

#include <algorithm>
#include <limits>

namespace ringmaker::codec {
namespace {

constexpr uint32_t kMagic = 0xCED7230A;
// Field numbers with the wire type "length-delimited": number << 3 | 2.
constexpr char kRecordLabel = 2 << 3 | 2;
constexpr char kEntryKey = 1 << 3 | 2;
constexpr char kEntryValue = 2 << 3 | 2;
constexpr char kFloat32Tensor = 2 << 3 | 2;
constexpr char kTensorValues = 1 << 3 | 2;
constexpr std::string_view kScore = "score";
constexpr std::string_view kLabel = "predicted_label";

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

/// The bytes of {name: {float32_tensor: {values: [...]}}} within the map, without its own field.
size_t entry_bytes(std::string_view name, size_t count) {
  const size_t value = field_bytes(field_bytes(count * sizeof(float)));
  return field_bytes(name.size()) + field_bytes(value);
}

void append_entry(std::string_view name, const float* values, size_t count, std::string& out) {
  const size_t packed = count * sizeof(float);
  open_field(kRecordLabel, entry_bytes(name, count), out);
  open_field(kEntryKey, name.size(), out);
  out += name;
  open_field(kEntryValue, field_bytes(field_bytes(packed)), out);
  open_field(kFloat32Tensor, field_bytes(packed), out);
  open_field(kTensorValues, packed, out);
  for (size_t i = 0; i < count; ++i) {
    char bytes[sizeof(float)];
    wire::store_little_endian(bytes, values[i]);
    out.append(bytes, sizeof bytes);
  }
}

void append_word(uint32_t word, std::string& out) {
  char bytes[sizeof word];
  wire::store_little_endian(bytes, word);
  out.append(bytes, sizeof bytes);
}

}  // namespace

RecordioEncoder::RecordioEncoder(const data::OutputSchema& output) : output_(output) {
  const size_t classes = output.task == data::Task::kBinary
                             ? 2
                             : std::max(output.class_names.size(), output.score_columns());
  for (size_t i = 0; i < classes; ++i) {
    const bool named = output.numeric_classes && i < output.class_names.size();
    const auto number =
        named ? wire::parse_float(output.class_names[i]) : wire::ParsedNumber<float>();
    labels_.push_back(number.ok() ? number.value : static_cast<float>(i));
  }
}

std::string_view RecordioEncoder::content_type() const noexcept {
  return media_type_name(Format::kRecordio);
}

float RecordioEncoder::label(const float* scores) const noexcept {
  const auto predicted = output_.predicted_class(scores);
  return predicted ? labels_[*predicted] : std::numeric_limits<float>::quiet_NaN();
}

void RecordioEncoder::append_row(const float* scores, std::string& out) const {
  const size_t columns = output_.score_columns();
  const bool classes = output_.task != data::Task::kRegression;
  const size_t record = field_bytes(entry_bytes(kScore, columns)) +
                        (classes ? field_bytes(entry_bytes(kLabel, 1)) : 0);
  append_word(kMagic, out);
  append_word(static_cast<uint32_t>(record), out);
  append_entry(kScore, scores, columns, out);
  if (classes) {
    const float chosen = label(scores);
    append_entry(kLabel, &chosen, 1, out);
  }
  out.append((4 - record % 4) % 4, '\0');
}

void RecordioEncoder::encode(data::DenseView scores, const Portion& /*portion*/,
                             std::string& out) const {
  for (size_t i = 0; i < scores.rows; ++i) {
    append_row(scores.row(i), out);
  }
}

size_t RecordioEncoder::bytes_max(size_t rows) const noexcept {
  constexpr size_t kFraming = 128;  // header, padding, and the fields around the numbers
  return rows * (kFraming + output_.score_columns() * sizeof(float));
}

}  // namespace ringmaker::codec
