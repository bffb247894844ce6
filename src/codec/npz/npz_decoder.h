// NpzDecoder: a ZIP archive of NumPy arrays to rows: one array of rows, as numpy.savez and
// savez_compressed write it, or a sparse matrix, as scipy.sparse.save_npz does.
//
//   piece ──ZipReader──▶ room ──▶ NpyDecoder ──▶ rows     one array, as it arrives
//                            └──▶ files ──▶ SparseMatrix ──▶ rows     at the archive's end
//
// An array may be called as those of a sparse matrix are ("data"): such ones are gathered, and the
// archive's end tells what they are. What is gathered is bounded, and so is all that is inflated,
// by one call as well: what a call has not inflated waits, so that a bomb is no long turn.
#pragma once

#include "codec/decoder.h"
#include "codec/npy/npy_decoder.h"
#include "codec/npz/sparse_matrix.h"
#include "wire/zip_reader.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ringmaker::codec {

class NpzDecoder final : public Decoder {
 public:
  static constexpr uint64_t kGatheredBytesMax = uint64_t{64} << 20U;
  static constexpr uint64_t kInflatedBytesMax = uint64_t{1} << 30U;
  /// By one call, beyond as much as it was given. To inflate and check so much takes some 100
  /// microseconds.
  static constexpr uint64_t kCallBytesMax = uint64_t{32} << 10U;
  /// Of reading a sparse matrix, by one call.
  static constexpr size_t kCallStepsMax = size_t{32} << 10U;

  explicit NpzDecoder(const data::Schema& schema);

  using Decoder::reset;
  void reset(const PayloadOptions& options) noexcept override;
  DecodeProgress decode(std::string_view piece, bool last, size_t rows_max,
                        data::BlockWriter& writer) override;
  [[nodiscard]] const DecodeError& error() const noexcept override { return error_; }
  [[nodiscard]] uint64_t bytes_gathered() const noexcept override {
    return waiting_.size() + npy_.bytes_gathered() +
           (sparse_ == Sparse::kRead ? 0 : gathered_bytes_) + matrix_.bytes_held();
  }
  [[nodiscard]] bool ignored_columns() const noexcept override { return false; }

 private:
  struct Sink {
    data::BlockWriter& writer;
    size_t rows_max = 0;
    size_t rows = 0;
  };
  /// What the member that is read is for.
  enum class Purpose : uint8_t { kRows, kGathered };
  enum class Sparse : uint8_t { kNone, kBeingRead, kRead };

  DecodeStatus read(std::string_view text, size_t& at, Sink& sink);
  // Each says kNeedMore when there is nothing against going on.
  DecodeStatus take(const wire::ZipReader::Step& step);
  DecodeStatus begin_member();
  DecodeStatus take_content(std::string_view content);
  DecodeStatus expect_length(std::string_view content);
  DecodeStatus end_member();
  DecodeStatus end_archive();
  DecodeStatus read_matrix();
  DecodeStatus finish();
  DecodeStatus hand_over(Sink& sink);
  DecodeStatus write_sparse(Sink& sink);
  [[nodiscard]] bool read_sparse_row(float* row);

  DecodeStatus fail(std::string_view text);
  DecodeStatus fail_member(std::string_view member, std::string_view text);
  [[nodiscard]] bool fail_row(DecodeErrorCode code, std::string_view text);

  const data::Schema& schema_;
  wire::ZipReader zip_;
  NpyDecoder npy_;
  std::vector<char> room_;
  std::string waiting_;  // what earlier calls were given and have not taken

  Purpose purpose_ = Purpose::kRows;
  std::string_view unpacked_;   // of an array of rows: the part of the room npy_ has not taken
  bool unpacked_last_ = false;  // and nothing follows
  std::string rows_member_;     // the name of the array of rows; empty: none so far
  SparseFiles files_;
  std::optional<SparseArray> gathering_;
  uint64_t gathered_bytes_ = 0;
  uint64_t inflated_bytes_ = 0;
  std::string head_;  // of a member whose length its header tells

  SparseMatrix matrix_;
  std::vector<bool> given_;  // columns of the sparse row
  Sparse sparse_ = Sparse::kNone;
  uint64_t rows_ = 0;
  uint64_t payload_bytes_ = 0;  // taken by earlier calls
  DecodeError error_;
};

}  // namespace ringmaker::codec
