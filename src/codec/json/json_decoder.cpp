#include "codec/json/json_decoder.h"

#include "codec/json/column_names.h"

#include <algorithm>

namespace ringmaker::codec {
namespace {

using Token = JsonSplitter::Token;

/// Enough to make the cost of a parse vanish, little enough for the first-level cache.
constexpr size_t kGroupBytes = size_t{16} << 10U;
/// A call that meets no rows ends after so many bytes.
constexpr size_t kCallBytes = size_t{256} << 10U;
/// Of what was kept back, a call reads so much more than it is given.
constexpr size_t kHeldPerCall = size_t{32} << 10U;

/// Accepts everything: for members we do not know, which must be JSON nevertheless.
class Ignore final : public wire::JsonHandler {
 public:
  bool on_begin_array() override { return true; }
  bool on_end_array() override { return true; }
  bool on_begin_object() override { return true; }
  bool on_end_object() override { return true; }
  bool on_key(std::string_view /*key*/) override { return true; }
  bool on_number(double /*value*/, std::string_view /*token*/) override { return true; }
  bool on_string(std::string_view /*text*/) override { return true; }
  bool on_bool(bool /*truth*/) override { return true; }
  bool on_null() override { return true; }
};

/// Joins names, one or an array of them; stops at anything else but a lone null.
class OutputNames final : public wire::JsonHandler {
 public:
  explicit OutputNames(std::string& list) : list_(list) {}

  /// There was a name, of whatever kind.
  [[nodiscard]] bool named() const noexcept { return named_; }

  bool on_begin_array() override { return ++depth_ == 1; }
  bool on_end_array() override { return true; }
  bool on_begin_object() override { return false; }
  bool on_end_object() override { return false; }
  bool on_key(std::string_view /*key*/) override { return false; }
  bool on_number(double /*value*/, std::string_view /*token*/) override { return false; }
  bool on_string(std::string_view text) override {
    list_.append(list_.empty() ? "" : ",").append(text);
    named_ = true;
    return true;
  }
  bool on_bool(bool /*truth*/) override { return false; }
  bool on_null() override { return true; }

 private:
  std::string& list_;
  int depth_ = 0;
  bool named_ = false;
};

bool holds_rows(std::string_view key) {
  return key == "instances" || key == "inputs" || key == "data" || key == "features";
}

}  // namespace

JsonDecoder::JsonDecoder(const data::Schema& schema)
    : reader_(schema),
      ahead_(events_),
      instance_bytes_max_(instance_bytes_max(schema.feature_count())) {
  buffer_.reserve(kGroupBytes + wire::JsonEvents::kPadding);
  reset();
}

void JsonDecoder::reset(const PayloadOptions& /*options*/) noexcept {
  splitter_.reset();
  reader_.reset();
  buffer_.clear();
  ends_.clear();
  purpose_ = Purpose::kIgnored;
  rows_seen_ = false;
  columns_seen_ = false;
  ahead_.reset();
  columns_.clear();
  outputs_.clear();
  outputs_seen_ = false;
  outputs_given_ = false;
  by_name_.clear();
  payload_bytes_ = 0;
  rows_ = 0;
  error_ = {};
}

size_t JsonDecoder::elements_max(const Sink& sink) const {
  if (purpose_ != Purpose::kRows) {
    return SIZE_MAX;
  }
  return std::min(sink.rows_max - sink.rows, sink.writer.room());
}

DecodeProgress JsonDecoder::decode(std::string_view piece, bool last, size_t rows_max,
                                   data::BlockWriter& writer) {
  Sink sink{writer, rows_max};
  size_t at = 0;
  DecodeStatus status = DecodeStatus::kNeedMore;
  const bool held = ahead_.looking() || !ahead_.held().empty();
  if (!held) {
    status = read(piece, at, payload_bytes_, last, sink);
  }
  if (held || ahead_.looking()) {
    status = read_held(piece, at, last, sink);
  }
  payload_bytes_ += at;
  return {status, at, sink.rows};
}

/// The piece waits behind what was kept back while columns were looked for.
DecodeStatus JsonDecoder::read_held(std::string_view piece, size_t& at, bool last, Sink& sink) {
  if (ahead_.looking()) {
    at += ahead_.look(piece.substr(at), last);
    if (ahead_.looking()) {
      return DecodeStatus::kNeedMore;
    }
    if (ahead_.columns()) {
      columns_ = *ahead_.columns();
      if (const DecodeStatus status = set_columns(); status != DecodeStatus::kNeedMore) {
        return status;
      }
    }
  }
  ahead_.hold(piece.substr(at));
  at = piece.size();
  const std::string_view held = ahead_.held();
  const size_t size = last ? held.size() : std::min(held.size(), piece.size() + kHeldPerCall);
  size_t taken = 0;
  const DecodeStatus status = read(held.substr(0, size), taken, ahead_.held_byte(), last, sink);
  ahead_.drop(taken);
  return status;
}

/// Reads `text` from `at` on, which moves behind what was taken; it stands at `byte` in the
/// payload. Ends early where columns are to be looked for.
DecodeStatus JsonDecoder::read(std::string_view text, size_t& at, uint64_t byte, bool last,
                               Sink& sink) {
  const size_t begin = at;
  DecodeStatus status = DecodeStatus::kNeedMore;
  while (status == DecodeStatus::kNeedMore && !ahead_.looking()) {
    // A value may turn out to be a row.
    if (!rows_seen_ || (splitter_.in_element() && purpose_ == Purpose::kRows && ends_.empty())) {
      if (sink.rows == sink.rows_max) {
        return DecodeStatus::kPaused;
      }
      if (sink.writer.full()) {
        return DecodeStatus::kBlockFull;
      }
    }
    if (at - begin >= kCallBytes && sink.rows == 0 && at < text.size() && ends_.empty()) {
      return DecodeStatus::kPaused;
    }
    const JsonSplitter::Step step = splitter_.next(text, at);
    if (!step.content.empty()) {
      append(step.content, byte + static_cast<size_t>(step.content.data() - text.data()));
    }
    if (step.token == Token::kNeedMore) {
      status = flush(sink);
      return status == DecodeStatus::kNeedMore && last ? finish(byte + at, sink) : status;
    }
    status = take_token(step.token, byte + at, sink);
  }
  return status;
}

DecodeStatus JsonDecoder::take_token(Token token, uint64_t byte, Sink& sink) {
  switch (token) {
    case Token::kBeginArray:
      return begin_array(byte);
    case Token::kElement:
      return end_element(sink);
    case Token::kEndArray:
      return end_array(sink);
    case Token::kValue:
      return end_value(sink);
    case Token::kNotAContainer:
      return fail_shape("the payload is neither an array nor an object", byte);
    default:
      break;
  }
  // What was whole before the error comes first, wherever the payload was cut.
  if (const DecodeStatus status = flush(sink); status == DecodeStatus::kError) {
    return status;
  }
  if (token == Token::kDepthError) {
    error_.expected = JsonSplitter::kDepthMax;
    return fail(DecodeErrorCode::kJsonDepth, byte);
  }
  return fail(DecodeErrorCode::kJsonSyntax, byte);
}

DecodeStatus JsonDecoder::begin_array(uint64_t byte) {
  const std::string& key = splitter_.key();
  purpose_ = !splitter_.in_object() || holds_rows(key)           ? Purpose::kRows
             : key == "columns" && !ahead_.columns().has_value() ? Purpose::kColumns
             : key == "outputs"                                  ? Purpose::kOutputs
                                                                 : Purpose::kIgnored;
  if (splitter_.in_object() && key == "columns") {
    if (columns_seen_) {
      return fail_shape("\"columns\" stands there twice", 0);
    }
    columns_seen_ = true;
  }
  if (purpose_ == Purpose::kOutputs) {
    return note_outputs();
  }
  if (purpose_ == Purpose::kRows) {
    if (rows_seen_) {
      return fail_shape("a second array of rows, \"" + key + "\", stands beside the first", 0);
    }
    rows_seen_ = true;
    splitter_.keep_flat_array_whole();
    if (key == "data" && columns_.empty()) {
      ahead_.begin(splitter_, byte);
    }
  }
  return DecodeStatus::kNeedMore;
}

DecodeStatus JsonDecoder::note_outputs() {
  if (outputs_seen_) {
    return fail_outputs("\"outputs\" stands there twice", 0);
  }
  outputs_seen_ = true;
  return DecodeStatus::kNeedMore;
}

DecodeStatus JsonDecoder::set_columns() {
  if (reader_.set_columns(columns_)) {
    return DecodeStatus::kNeedMore;
  }
  error_ = reader_.error();
  return DecodeStatus::kError;
}

void JsonDecoder::append(std::string_view content, uint64_t byte) {
  if (buffer_.empty()) {
    buffer_ = '[';
    buffer_byte_ = byte;
  }
  buffer_ += content;
}

DecodeStatus JsonDecoder::end_element(Sink& sink) {
  if (partial_bytes() > instance_bytes_max_) {
    return flush(sink);
  }
  ends_.push_back(buffer_.size());
  buffer_ += ',';
  if (ends_.size() >= elements_max(sink) || buffer_.size() >= kGroupBytes) {
    return flush(sink);
  }
  return DecodeStatus::kNeedMore;
}

size_t JsonDecoder::partial_bytes() const noexcept {
  const size_t begin = ends_.empty() ? 1 : ends_.back() + 1;
  return buffer_.size() > begin ? buffer_.size() - begin : 0;
}

DecodeStatus JsonDecoder::end_array(Sink& sink) {
  if (const DecodeStatus status = flush(sink); status != DecodeStatus::kNeedMore) {
    return status;
  }
  outputs_given_ |= purpose_ == Purpose::kOutputs;
  if (purpose_ != Purpose::kColumns) {
    return DecodeStatus::kNeedMore;
  }
  if (const DecodeStatus status = set_columns(); status != DecodeStatus::kNeedMore) {
    return status;
  }
  if (rows_ > 0 && !reader_.model_columns()) {
    return fail_shape("\"columns\" comes too far behind the rows: it goes before them", 0);
  }
  return DecodeStatus::kNeedMore;
}

DecodeStatus JsonDecoder::end_value(Sink& sink) {
  const std::string& key = splitter_.key();
  if (buffer_.compare(0, 2, "[{") == 0 && (key == "data" || key == "features")) {
    return end_instance(sink);
  }
  Ignore ignore;
  OutputNames names(outputs_);
  const bool is_outputs = key == "outputs";
  purpose_ = is_outputs ? Purpose::kOutputs : Purpose::kIgnored;
  if (is_outputs && note_outputs() == DecodeStatus::kError) {
    return DecodeStatus::kError;
  }
  const size_t end = buffer_.size();
  buffer_ += ',';
  if (!parse(1, end, is_outputs ? static_cast<wire::JsonHandler&>(names) : ignore)) {
    return DecodeStatus::kError;
  }
  outputs_given_ |= names.named();
  const bool is_array_elsewhere = holds_rows(key) || key == "columns";
  if (!is_array_elsewhere && !is_outputs) {
    note_by_name();
  }
  buffer_.clear();
  return is_array_elsewhere ? fail_shape('"' + key + "\" is not an array", 0)
                            : DecodeStatus::kNeedMore;
}

/// The member in hand may be a value of a row. What its key means is seen to by who reads rows.
void JsonDecoder::note_by_name() {
  if (rows_seen_ || buffer_[1] == '{' || by_name_.size() > instance_bytes_max_) {
    return;
  }
  const std::string& key = splitter_.written_key();
  if (by_name_.empty()) {
    by_name_ = '{';
    by_name_byte_ = buffer_byte_ - key.size() - 4;  // quotes, colon and brace
  }
  // In pieces: many a payload has a member that is no row's, and its requests allocate nothing.
  by_name_.append(1, '"').append(key).append("\":").append(buffer_, 1);
}

/// The payload ends without other rows.
DecodeStatus JsonDecoder::read_by_name(Sink& sink) {
  if (by_name_.size() > instance_bytes_max_) {
    return fail(DecodeErrorCode::kRowTooLong, by_name_byte_);
  }
  if (!by_name_.empty()) {
    purpose_ = Purpose::kRows;
    append(by_name_, by_name_byte_);
    buffer_.back() = '}';
    ends_.push_back(buffer_.size());
    buffer_ += ',';
    // Of values without containers no other shape is wrong than that no name is a feature's.
    if (flush(sink) == DecodeStatus::kNeedMore || error_.code != DecodeErrorCode::kJsonShape) {
      return rows_ > 0 ? DecodeStatus::kDone : DecodeStatus::kError;
    }
    error_ = {};
  }
  return fail_shape("the object has no \"instances\"", 0);
}

/// {"data": {"features": …}} and {"features": {"values": …}}: the payload itself is an instance.
DecodeStatus JsonDecoder::end_instance(Sink& sink) {
  if (rows_seen_) {
    return fail_shape("an instance, \"" + splitter_.key() + "\", stands beside other rows", 0);
  }
  rows_seen_ = true;
  purpose_ = Purpose::kRows;
  const std::string member = "{\"" + splitter_.key() + "\":";
  buffer_.insert(1, member);
  buffer_byte_ -= member.size();
  buffer_ += '}';
  ends_.push_back(buffer_.size());
  buffer_ += ',';
  return flush(sink);
}

DecodeStatus JsonDecoder::finish(uint64_t byte, Sink& sink) {
  if (splitter_.at_start()) {
    return fail(DecodeErrorCode::kEmptyPayload, 0);
  }
  if (!splitter_.complete()) {
    return fail(DecodeErrorCode::kJsonSyntax, byte);
  }
  if (!rows_seen_) {
    return read_by_name(sink);
  }
  return rows_ > 0 ? DecodeStatus::kDone : fail(DecodeErrorCode::kEmptyPayload, 0);
}

DecodeStatus JsonDecoder::flush(Sink& sink) {
  if (!ends_.empty() && !read_elements(sink)) {
    return DecodeStatus::kError;
  }
  if (!ends_.empty()) {
    // The element begun behind the whole ones moves to the front.
    buffer_byte_ += ends_.back();
    buffer_.erase(1, ends_.back());
    if (buffer_.size() == 1) {
      buffer_.clear();
    }
    ends_.clear();
  }
  if (partial_bytes() > instance_bytes_max_) {
    return fail(DecodeErrorCode::kRowTooLong, buffer_byte_);
  }
  return DecodeStatus::kNeedMore;
}

bool JsonDecoder::read_elements(Sink& sink) {
  if (read_part(1, ends_.back(), sink)) {
    return true;
  }
  // Which of several is wrong, and how, must not depend on their company.
  size_t begin = 1;
  for (const size_t end : ends_) {
    error_ = {};
    if (!read_part(begin, end, sink)) {
      error_.row = purpose_ == Purpose::kRows ? rows_ + 1 : 0;
      return false;
    }
    begin = end + 1;
  }
  return true;
}

bool JsonDecoder::read_part(size_t begin, size_t end, Sink& sink) {
  if (purpose_ == Purpose::kIgnored) {
    Ignore ignore;
    return parse(begin, end, ignore);
  }
  if (purpose_ == Purpose::kColumns) {
    const size_t known = columns_.size();
    ColumnNames names(columns_);
    const bool good = parse(begin, end, names);
    columns_.resize(good ? columns_.size() : known);
    return good;
  }
  if (purpose_ == Purpose::kOutputs) {
    const size_t known = outputs_.size();
    OutputNames names(outputs_);
    const bool good = parse(begin, end, names);
    outputs_.resize(good ? outputs_.size() : known);
    return good;
  }
  reader_.begin(sink.writer.row(), splitter_.is_whole_array(), ends_.size());
  if (!parse(begin, end, reader_)) {
    return false;
  }
  commit(reader_.rows(), sink);
  return true;
}

void JsonDecoder::commit(size_t rows, Sink& sink) {
  sink.writer.commit_rows(rows);
  sink.rows += rows;
  rows_ += rows;
}

bool JsonDecoder::parse(size_t begin, size_t end, wire::JsonHandler& handler) {
  // Brackets take the place of what stands around the content, and are taken back.
  const char before = buffer_[begin - 1];
  const char behind = buffer_[end];
  buffer_[begin - 1] = '[';
  buffer_[end] = ']';
  buffer_.reserve(buffer_.size() + wire::JsonEvents::kPadding);
  const std::string_view text(buffer_.data() + begin - 1, end + 2 - begin);
  const wire::JsonResult result = events_.parse(text, handler);
  buffer_[begin - 1] = before;
  buffer_[end] = behind;
  const uint64_t byte = buffer_byte_ + begin + result.byte - 2;
  switch (result.outcome) {
    case wire::JsonOutcome::kComplete:
      return true;
    case wire::JsonOutcome::kSyntaxError:
    case wire::JsonOutcome::kTooDeep:  // the splitter has seen to it
      fail(DecodeErrorCode::kJsonSyntax, byte);
      return false;
    case wire::JsonOutcome::kInvalidUtf8:
      fail(DecodeErrorCode::kInvalidUtf8, byte);
      return false;
    case wire::JsonOutcome::kStopped:
      break;
  }
  if (purpose_ == Purpose::kRows) {
    error_ = reader_.error();
    error_.byte = buffer_byte_ + begin - 1;
  } else if (purpose_ == Purpose::kOutputs) {
    fail_outputs("\"outputs\" holds more than names", byte);
  } else {
    fail_shape("\"columns\" holds more than names", byte);
  }
  return false;
}

DecodeStatus JsonDecoder::fail(DecodeErrorCode code, uint64_t byte) {
  error_.code = code;
  error_.byte = byte;
  if (code == DecodeErrorCode::kRowTooLong) {
    error_.row = rows_ + 1;
    error_.found = static_cast<uint32_t>(instance_bytes_max_);
  }
  return DecodeStatus::kError;
}

DecodeStatus JsonDecoder::fail_outputs(std::string_view text, uint64_t byte) {
  error_.set_text(text);
  return fail(DecodeErrorCode::kJsonOutputs, byte);
}

DecodeStatus JsonDecoder::fail_shape(std::string_view text, uint64_t byte) {
  error_.set_text(text);
  return fail(DecodeErrorCode::kJsonShape, byte);
}

}  // namespace ringmaker::codec
