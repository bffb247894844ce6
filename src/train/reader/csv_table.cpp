#include "train/reader/csv_table.h"

#include "base/check.h"
#include "base/cpu.h"
#include "base/parallel.h"
#include "train/reader/row_parser.h"
#include "train/reader/row_source.h"
#include "train/reader/table_builder.h"

#include <fmt/core.h>

#include <algorithm>
#include <iterator>
#include <mutex>
#include <new>
#include <optional>

namespace ringmaker::train {
namespace {

constexpr size_t kThreadsMax = 16;
constexpr size_t kBytesWorthAThread = size_t{4} << 20U;

size_t thread_count(const std::vector<DataFile>& files, const ReadOptions& read) {
  if (read.threads > 0) {
    return read.threads;
  }
  size_t bytes = 0;
  for (const DataFile& file : files) {
    bytes += file.bytes;
  }
  return std::clamp<size_t>(bytes / kBytesWorthAThread + 1, 1,
                            std::min(base::usable_cpu_count(), kThreadsMax));
}

class TableReading {
 public:
  TableReading(const std::vector<DataFile>& files, const CsvOptions& options,
               const ReadOptions& read, size_t threads, const CsvLayout* of)
      : options_(options),
        read_(read),
        source_(files, options,
                {.block_bytes = read.block_bytes,
                 .block_count = threads + 3,
                 .headroom_bytes = read.headroom_bytes},
                of),
        builder_(files) {}

  /// Cuts and parses until there is nothing left; on any number of threads.
  void work() noexcept {
    try {
      take_pieces();
    } catch (const std::bad_alloc&) {
      builder_.give_up({base::ErrorCode::kExhausted,
                        "the training data does not fit into memory; use a machine with more, or "
                        "fewer rows or columns"});
    }
  }

  base::Result<CsvTable> finish() {
    RM_ASSIGN(CsvTable table, builder_.finish(source_.has_layout() ? &source_.layout() : nullptr));
    table.headerless_files = source_.headerless_files();
    return table;
  }

 private:
  void take_pieces() {
    RowPiece piece;
    ParsedRows rows;
    std::optional<RowParser> parser;
    while (next(piece)) {
      const CsvLayout* layout = piece.error ? nullptr : &source_.layout();
      if (layout != nullptr) {
        if (!parser) {
          parser.emplace(*layout, options_);
        }
        parser->parse(piece.text, piece.separator, rows);
      }
      if (!builder_.add(piece, rows, layout)) {
        return;
      }
    }
  }

  bool next(RowPiece& piece) {
    const std::lock_guard lock(source_mutex_);
    if (stopped_) {
      return false;
    }
    if (read_.stop_requested && read_.stop_requested()) {
      stopped_ = true;
      builder_.give_up({base::ErrorCode::kCancelled, "asked to stop while reading the data"});
      return false;
    }
    return source_.next(piece);
  }

  const CsvOptions& options_;
  const ReadOptions& read_;
  std::mutex source_mutex_;
  RowSource source_;
  bool stopped_ = false;
  TableBuilder builder_;
};

}  // namespace

std::string CsvTable::place_of(size_t row) const {
  const auto behind = std::ranges::upper_bound(runs, row, {}, &RowRun::row);
  RM_CHECK(behind != runs.begin());
  const RowRun& run = *std::prev(behind);
  return fmt::format("{}:{}", files[run.file], run.line + (row - run.row));
}

base::Result<CsvTable> read_csv_table(const std::vector<DataFile>& files, const CsvOptions& options,
                                      const ReadOptions& read, const CsvLayout* of) {
  const size_t threads = thread_count(files, read);
  TableReading reading(files, options, read, threads, of);
  base::run_on_threads(threads, [&reading] { reading.work(); });
  return reading.finish();
}

}  // namespace ringmaker::train
