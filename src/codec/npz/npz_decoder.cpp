#include "codec/npz/npz_decoder.h"

#include <algorithm>
#include <string>

namespace ringmaker::codec {
namespace {

using Event = wire::ZipReader::Event;

constexpr size_t kRoomBytes = size_t{16} << 10U;
constexpr size_t kKeptBytes = size_t{1} << 20U;
constexpr std::string_view kSuffix = ".npy";
constexpr std::string_view kTooLarge = "with it the NPZ inflates to more than 1 GiB";

void let_go(std::string& bytes) noexcept {
  bytes.clear();
  if (bytes.capacity() > kKeptBytes) {
    bytes.shrink_to_fit();
  }
}

std::string file_name(SparseArray array) { return std::string(name(array)).append(kSuffix); }

}  // namespace

NpzDecoder::NpzDecoder(const data::Schema& schema)
    : schema_(schema), npy_(schema), room_(kRoomBytes) {
  reset();
}

void NpzDecoder::reset(const PayloadOptions& /*options*/) noexcept {
  zip_.reset();
  npy_.reset();
  let_go(waiting_);
  purpose_ = Purpose::kRows;
  unpacked_ = {};
  unpacked_last_ = false;
  rows_member_.clear();
  std::ranges::for_each(files_, let_go);
  gathering_.reset();
  gathered_bytes_ = 0;
  inflated_bytes_ = 0;
  head_.clear();
  matrix_.clear();
  sparse_ = Sparse::kNone;
  rows_ = 0;
  payload_bytes_ = 0;
  error_ = {};
}

DecodeProgress NpzDecoder::decode(std::string_view piece, bool last, size_t rows_max,
                                  data::BlockWriter& writer) {
  Sink sink{writer, rows_max};
  const bool behind = !waiting_.empty();
  if (behind) {
    waiting_ += piece;
  }
  size_t at = 0;
  DecodeStatus status = read(behind ? waiting_ : piece, at, sink);
  payload_bytes_ += at;
  if (behind) {
    waiting_.erase(0, at);
  } else if (status == DecodeStatus::kPaused) {
    waiting_ = piece.substr(at);
  }
  if (status == DecodeStatus::kNeedMore && last) {
    status = finish();
  }
  const bool all_taken = behind || status == DecodeStatus::kPaused;
  return {status, all_taken ? piece.size() : at, sink.rows};
}

DecodeStatus NpzDecoder::read(std::string_view text, size_t& at, Sink& sink) {
  const uint64_t inflated_before = inflated_bytes_;
  for (;;) {
    DecodeStatus status = sparse_ == Sparse::kBeingRead ? read_matrix() : DecodeStatus::kNeedMore;
    if (status == DecodeStatus::kNeedMore) {
      status = sparse_ == Sparse::kRead ? write_sparse(sink) : hand_over(sink);
    }
    if (status != DecodeStatus::kNeedMore) {
      return status;
    }
    if (inflated_bytes_ - inflated_before > at + kCallBytesMax) {
      return DecodeStatus::kPaused;
    }
    const wire::ZipReader::Step step = zip_.next(text, at, room_);
    status = take(step);
    if (status != DecodeStatus::kNeedMore || step.event == Event::kNeedMore) {
      return status;
    }
  }
}

DecodeStatus NpzDecoder::take(const wire::ZipReader::Step& step) {
  switch (step.event) {
    case Event::kNeedMore:
      return DecodeStatus::kNeedMore;
    case Event::kMember:
      return begin_member();
    case Event::kContent:
      return take_content({room_.data(), step.bytes});
    case Event::kMemberEnd:
      return end_member();
    case Event::kEnd:
      return end_archive();
    case Event::kBroken:
      break;
  }
  if (zip_.in_member()) {
    return fail_member(zip_.name(), zip_.problem());
  }
  return fail("the payload is no NPZ file: " + std::string(zip_.problem()));
}

DecodeStatus NpzDecoder::begin_member() {
  const std::string_view member = zip_.name();
  if (!member.ends_with(kSuffix)) {
    return fail_member(member, "it is no array: the names of arrays end in .npy");
  }
  gathering_ = sparse_array_named(member.substr(0, member.size() - kSuffix.size()));
  const bool first = rows_member_.empty() && gathered_bytes_ == 0;
  purpose_ = gathering_ ? Purpose::kGathered : Purpose::kRows;
  if (!first && (!gathering_ || !rows_member_.empty())) {
    return fail_member(member, "it is a second array; send rows in one, or a scipy.sparse matrix");
  }
  if (gathering_ && !files_[static_cast<size_t>(*gathering_)].empty()) {
    return fail_member(member, "it is there twice");
  }
  if (!gathering_) {
    rows_member_ = member;
  }
  head_.clear();
  return zip_.length_unknown() ? expect_length({}) : DecodeStatus::kNeedMore;
}

/// Where only the array's own header tells how long the member is: a part of it that is there in
/// any case, until that header is.
DecodeStatus NpzDecoder::expect_length(std::string_view content) {
  if (zip_.length_expected()) {
    return DecodeStatus::kNeedMore;
  }
  head_ += content;
  const NpyParse parse = parse_npy_header(head_);
  if (parse.verdict == NpyVerdict::kNeedMore) {
    zip_.expect(head_.size() + 1, false);
    return DecodeStatus::kNeedMore;
  }
  if (parse.verdict == NpyVerdict::kRefused) {
    const bool is_text = gathering_ == SparseArray::kFormat || gathering_ == SparseArray::kIsArray;
    return fail_member(zip_.name(),
                       is_text ? "the archive does not say first how long it is" : parse.problem);
  }
  const NpyHeader& header = parse.header;
  if (header.columns > 0 && header.rows > kInflatedBytesMax / header.item_bytes / header.columns) {
    return fail_member(zip_.name(), kTooLarge);
  }
  zip_.expect(parse.consumed + header.rows * header.columns * header.item_bytes, true);
  return DecodeStatus::kNeedMore;
}

DecodeStatus NpzDecoder::take_content(std::string_view content) {
  inflated_bytes_ += content.size();
  if (inflated_bytes_ > kInflatedBytesMax) {
    return fail_member(zip_.name(), kTooLarge);
  }
  if (zip_.length_unknown()) {
    if (const auto status = expect_length(content); status != DecodeStatus::kNeedMore) {
      return status;
    }
  }
  if (purpose_ == Purpose::kRows) {
    unpacked_ = content;
    return DecodeStatus::kNeedMore;
  }
  gathered_bytes_ += content.size();
  if (gathered_bytes_ > kGatheredBytesMax) {
    return fail_member(zip_.name(), "the arrays of a sparse matrix are over 64 MiB");
  }
  files_[static_cast<size_t>(*gathering_)] += content;
  return DecodeStatus::kNeedMore;
}

DecodeStatus NpzDecoder::end_member() {
  if (purpose_ == Purpose::kRows) {
    unpacked_last_ = true;
  } else if (files_[static_cast<size_t>(*gathering_)].empty()) {
    return fail_member(zip_.name(), "it is empty");
  }
  return DecodeStatus::kNeedMore;
}

/// What was gathered is a sparse matrix, or one array that is only called like a part of it.
DecodeStatus NpzDecoder::end_archive() {
  if (!rows_member_.empty()) {
    return DecodeStatus::kNeedMore;
  }
  if (gathered_bytes_ == 0) {
    return fail("the NPZ file holds no array");
  }
  const auto alone = std::ranges::find_if(
      files_, [this](const std::string& file) { return file.size() == gathered_bytes_; });
  if (alone != files_.end()) {
    rows_member_ = file_name(static_cast<SparseArray>(alone - files_.begin()));
    unpacked_ = *alone;
    unpacked_last_ = true;
    return DecodeStatus::kNeedMore;
  }
  sparse_ = Sparse::kBeingRead;
  if (const auto problem = matrix_.begin(files_)) {
    return fail_member(file_name(problem->array), problem->text);
  }
  return DecodeStatus::kNeedMore;
}

DecodeStatus NpzDecoder::read_matrix() {
  if (const auto problem = matrix_.advance(kCallStepsMax)) {
    return fail_member(file_name(problem->array), problem->text);
  }
  if (!matrix_.is_read()) {
    return DecodeStatus::kPaused;
  }
  const uint64_t width = schema_.feature_count();
  if (matrix_.rows() > 0 && matrix_.columns() != width) {
    error_.row = 1;
    error_.found = static_cast<uint32_t>(matrix_.columns());
    error_.expected = static_cast<uint32_t>(width);
    error_.code = matrix_.columns() < width ? DecodeErrorCode::kTooFewColumns
                                            : DecodeErrorCode::kTooManyColumns;
    error_.set_member(file_name(SparseArray::kShape));
    return DecodeStatus::kError;
  }
  std::ranges::for_each(files_, let_go);
  given_.assign(width, false);
  sparse_ = Sparse::kRead;
  return DecodeStatus::kNeedMore;
}

DecodeStatus NpzDecoder::hand_over(Sink& sink) {
  if (unpacked_.empty() && !unpacked_last_) {
    return DecodeStatus::kNeedMore;
  }
  const DecodeProgress progress =
      npy_.decode(unpacked_, unpacked_last_, sink.rows_max - sink.rows, sink.writer);
  unpacked_.remove_prefix(progress.consumed);
  sink.rows += progress.rows;
  rows_ += progress.rows;
  if (progress.status == DecodeStatus::kDone) {
    unpacked_last_ = false;
    return DecodeStatus::kNeedMore;
  }
  if (progress.status != DecodeStatus::kError) {
    return progress.status;
  }
  error_ = npy_.error();
  error_.byte = zip_.member_byte();
  error_.set_member(rows_member_);
  if (error_.code == DecodeErrorCode::kTruncated) {
    return fail("the member ends before the array does");
  }
  return error_.code == DecodeErrorCode::kTrailingBytes
             ? fail("there is more behind the array's last value")
             : DecodeStatus::kError;
}

DecodeStatus NpzDecoder::write_sparse(Sink& sink) {
  for (; rows_ < matrix_.rows(); ++rows_) {
    if (sink.rows == sink.rows_max) {
      return DecodeStatus::kPaused;
    }
    if (sink.writer.full()) {
      return DecodeStatus::kBlockFull;
    }
    if (!read_sparse_row(sink.writer.row())) {
      return DecodeStatus::kError;
    }
    sink.writer.commit_row();
    ++sink.rows;
  }
  return DecodeStatus::kNeedMore;
}

bool NpzDecoder::read_sparse_row(float* row) {
  std::fill_n(row, schema_.feature_count(), schema_.absent_value);
  const SparseMatrix::Entry* const end = matrix_.row_end(rows_);
  for (const auto* entry = matrix_.row_begin(rows_); entry != end; ++entry) {
    if (given_[entry->column]) {
      return fail_row(DecodeErrorCode::kDuplicateIndex, std::to_string(entry->column));
    }
    given_[entry->column] = true;
    row[entry->column] = entry->value;
  }
  for (const auto* entry = matrix_.row_begin(rows_); entry != end; ++entry) {
    given_[entry->column] = false;
  }
  return true;
}

DecodeStatus NpzDecoder::finish() {
  if (payload_bytes_ == 0) {
    error_.code = DecodeErrorCode::kEmptyPayload;
    return DecodeStatus::kError;
  }
  if (!zip_.at_end()) {
    error_.code = DecodeErrorCode::kTruncated;
    error_.byte = payload_bytes_;
    error_.set_text(zip_.in_member() ? "the member" : "the NPZ file");
    error_.set_member(zip_.in_member() ? zip_.name() : std::string_view());
    return DecodeStatus::kError;
  }
  if (rows_ == 0) {
    error_.code = DecodeErrorCode::kEmptyPayload;
    return DecodeStatus::kError;
  }
  return DecodeStatus::kDone;
}

DecodeStatus NpzDecoder::fail(std::string_view text) {
  error_.code = DecodeErrorCode::kBinaryShape;
  error_.byte = zip_.member_byte();
  error_.set_text(text);
  return DecodeStatus::kError;
}

DecodeStatus NpzDecoder::fail_member(std::string_view member, std::string_view text) {
  error_.set_member(member);
  return fail(text);
}

bool NpzDecoder::fail_row(DecodeErrorCode code, std::string_view text) {
  error_.code = code;
  error_.row = rows_ + 1;
  error_.byte = zip_.member_byte();
  error_.set_text(text);
  return false;
}

}  // namespace ringmaker::codec
