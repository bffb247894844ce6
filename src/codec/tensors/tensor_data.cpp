#include "codec/tensors/tensor_data.h"

#include "base/check.h"

#include <algorithm>
#include <cstring>

namespace ringmaker::codec {
namespace {

/// Enough to make the cost of a parse vanish, little enough for the first-level cache.
constexpr size_t kPartBytes = size_t{16} << 10U;
/// What a payload like others leaves behind is kept.
constexpr size_t kKeptBytesMax = size_t{1} << 20U;

size_t commas_in(std::string_view text) noexcept {
  return static_cast<size_t>(std::count(text.begin(), text.end(), ','));
}

/// The place of the `nth` comma (from 1), of the `total` there are in `text`.
size_t find_comma(std::string_view text, size_t nth, size_t total) noexcept {
  size_t at = 0;
  if (nth <= total / 2) {
    for (at = text.find(','); nth > 1; --nth) {
      at = text.find(',', at + 1);
    }
    return at;
  }
  for (at = text.rfind(','); nth < total; ++nth) {
    at = text.rfind(',', at - 1);
  }
  return at;
}

}  // namespace

void TensorData::begin() noexcept {
  buffer_.clear();
  if (buffer_.capacity() > kKeptBytesMax) {
    buffer_.shrink_to_fit();
  }
  buffer_byte_ = 0;
  read_ = 1;
  form_ = Form::kNested;
  ends_.clear();
  ends_read_ = 0;
  commas_ = 0;
  error_ = {};
}

void TensorData::append(std::string_view content, uint64_t byte, bool flat) {
  if (buffer_.empty()) {
    buffer_ = '[';
    buffer_byte_ = byte;
    read_ = 1;
    form_ = flat ? Form::kFlat : content.front() == '[' ? Form::kNested : Form::kTexts;
  }
  buffer_ += content;
  commas_ += flat ? commas_in(content) : 0;
}

void TensorData::end_element() {
  if (form_ == Form::kFlat) {
    ++commas_;
  } else {
    ends_.push_back(buffer_.size());
  }
  buffer_ += ',';
}

/// Rows whose text is a part's size, or one row.
TensorData::Part TensorData::flat_part(size_t rows_max, size_t columns) const {
  const std::string_view text(buffer_);
  std::string_view near = text.substr(read_, kPartBytes);
  size_t commas = commas_in(near);
  if (commas < columns) {
    near = text.substr(read_);
    commas = commas_;
    rows_max = 1;
  }
  const size_t rows = std::min(rows_max, commas / columns);
  return {read_ + find_comma(near, rows * columns, commas), rows};
}

TensorData::Part TensorData::told_part(size_t rows_max, size_t columns) const {
  const size_t step = elements_of_row(columns);
  const auto end_of = [&](size_t row) { return ends_[ends_read_ + row * step - 1]; };  // from 1
  size_t rows = 1;
  const size_t in_hand = std::min(rows_max, elements() / step);
  while (rows < in_hand && end_of(rows + 1) - read_ <= kPartBytes) {
    ++rows;
  }
  return {end_of(rows), rows};
}

TensorData::Read TensorData::read(size_t rows_max, size_t columns, TensorValues& values,
                                  float* rows, std::vector<double>* gathered) {
  RM_DCHECK(rows_max > 0 && rows_in_hand(columns) > 0);
  const bool nested = form_ == Form::kNested;
  const Part part =
      form_ == Form::kFlat ? flat_part(rows_max, columns) : told_part(rows_max, columns);
  if (part.end - read_ > row_bytes_max_) {
    fail_too_long();
    return {0, false};
  }
  const size_t gathered_before = gathered != nullptr ? gathered->size() : 0;
  values.begin_part(nested, rows, gathered);
  if (parse(read_, part.end, values) && values.values() == part.rows * columns) {
    drop(part, columns);
    return {part.rows, true};
  }
  if (gathered != nullptr) {
    gathered->resize(gathered_before);
  }
  error_ = {};
  values.begin_part(nested, rows, gathered);
  return read_one_by_one(part, columns, values);
}

DecodeError& TensorData::fail_too_long() noexcept {
  error_ = {};
  error_.code = DecodeErrorCode::kRowTooLong;
  error_.found = static_cast<uint32_t>(std::min<size_t>(row_bytes_max_, UINT32_MAX));
  error_.byte = byte();
  return error_;
}

TensorData::Read TensorData::read_one_by_one(const Part& part, size_t columns,
                                             TensorValues& values) {
  size_t begin = read_;
  const size_t elements = part.rows * elements_of_row(columns);
  const size_t values_each = part.rows * columns / elements;
  for (size_t i = 0; i < elements; ++i) {
    const size_t end = form_ == Form::kFlat ? buffer_.find(',', begin) : ends_[ends_read_ + i];
    const size_t before = values.values();
    values.go_on();
    if (!parse(begin, end, values)) {
      return {before / columns, false};
    }
    if (values.values() != before + values_each) {
      error_.code = DecodeErrorCode::kJsonSyntax;  // nothing between two commas
      error_.byte = buffer_byte_ + begin - 1;
      return {before / columns, false};
    }
    begin = end + 1;
  }
  drop(part, columns);
  return {part.rows, true};
}

void TensorData::drop(const Part& part, size_t columns) {
  read_ = part.end + 1;
  const size_t elements = part.rows * elements_of_row(columns);
  if (form_ == Form::kFlat) {
    commas_ -= elements;
  } else {
    ends_read_ += elements;
  }
  if (read_ - 1 <= buffer_.size() / 2) {
    return;
  }
  // What is not read moves to the front.
  const size_t dropped = read_ - 1;
  buffer_.erase(1, dropped);
  buffer_byte_ += dropped;
  read_ = 1;
  ends_.erase(ends_.begin(), ends_.begin() + static_cast<ptrdiff_t>(ends_read_));
  ends_read_ = 0;
  for (size_t& end : ends_) {
    end -= dropped;
  }
}

bool TensorData::parse(size_t begin, size_t end, TensorValues& values) {
  // Brackets take the place of what stands around the content, and are taken back.
  const char before = buffer_[begin - 1];
  const char behind = buffer_[end];
  buffer_[begin - 1] = '[';
  buffer_[end] = ']';
  buffer_.reserve(buffer_.size() + wire::JsonEvents::kPadding);
  const std::string_view text(buffer_.data() + begin - 1, end + 2 - begin);
  const wire::JsonResult result = events_.parse(text, values);
  buffer_[begin - 1] = before;
  buffer_[end] = behind;
  switch (result.outcome) {
    case wire::JsonOutcome::kComplete:
      return true;
    case wire::JsonOutcome::kStopped:
      error_ = values.error();
      error_.byte = buffer_byte_ + begin - 1;
      return false;
    case wire::JsonOutcome::kInvalidUtf8:
      error_.code = DecodeErrorCode::kInvalidUtf8;
      break;
    case wire::JsonOutcome::kSyntaxError:
    case wire::JsonOutcome::kTooDeep:  // the splitter has seen to it
      error_.code = DecodeErrorCode::kJsonSyntax;
      break;
  }
  error_.byte = buffer_byte_ + begin + result.byte - 2;
  return false;
}

}  // namespace ringmaker::codec
