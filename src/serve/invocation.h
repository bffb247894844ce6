// Invocation: one payload on its way to its answer: what its head has settled, and how far it is.
#pragma once

#include "base/result.h"
#include "batch/large_payload.h"
#include "codec/decoder.h"
#include "codec/encoder.h"
#include "codec/selected/output_selection.h"
#include "http/exchange.h"
#include "serve/coded_body.h"
#include "serve/metrics.h"
#include "serve/model_table.h"
#include "serve/server_timing.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

namespace ringmaker::serve {

/// So much of a chunked body is scored before the first score is sent: an error in it still has a
/// status of its own.
inline constexpr uint64_t kScoredBeforeStatus = 4 << 20;

/// Owned by InvocationTable, which uses it again and again. Not thread-safe.
struct Invocation {
  http::Exchange* exchange = nullptr;
  ShardModel* model = nullptr;
  Route route = Route::kInvocations;
  codec::Format in = codec::Format::kCsv;
  codec::PayloadOptions payload_options;
  codec::Format out = codec::Format::kCsv;
  codec::OutputSelection outputs;                  // until the payload says otherwise
  std::string_view model_name;                     // of an answer that tells it
  std::shared_ptr<const codec::Encoder> selected;  // of an answer with selected outputs
  std::unique_ptr<codec::Decoder> decoder;         // once decoding has begun
  std::unique_ptr<batch::LargePayload> payload;    // when it has blocks of its own
  CodedBody coded;                                 // while a body with a coding comes
  uint64_t coded_bytes_held = 0;                   // as counted in the sum of all
  uint64_t decoder_bytes_held = 0;                 // the same, by its decoder
  uint64_t deadline_ns = UINT64_MAX;               // once its body is there
  uint64_t arrival = 0;                            // the same: who was before whom
  uint64_t queued_ns = 0;                          // its rows take, as counted in the sum of all
  PhaseTimes times;
  uint64_t bytes_decoded = 0;
  size_t rows_encoded = 0;
  size_t whole_rows_max = 0;  // the answer of so many rows is one piece, as that of a batch
  size_t pass = 0;            // of encoding, where that goes through the rows more than once
  codec::TensorSizes sizes;   // found by the first of them
  bool heeded = false;        // what the payload says of its answer
  bool marks = false;         // records in error, in the answer
  bool mark_told = false;     // the log has a line of one
  bool in_line = false;       // among those with slices left to do
  bool paused = false;        // its body waits for rows to be scored, or bytes to be inflated
  bool ended = false;         // all of its body has come
  bool gathered = false;      // what has come is taken; the decoder still makes rows of it
  bool streams = false;       // its scores are wanted as they are made
  bool timed = false;         // its answer tells where its time went
  bool begun = false;         // the answer's head is out
  bool unread = false;        // the peer has enough of the answer to read

  [[nodiscard]] ModelLane& lane() const noexcept { return model->lane(); }
  [[nodiscard]] const codec::Encoder& encoder() const {
    return selected == nullptr ? lane().encoder(out) : *selected;
  }
  /// What the answer is made of.
  [[nodiscard]] batch::Values wanted() const noexcept;
  /// What its rows are scored to: in blocks of its own a JSON payload has raw values, since it may
  /// say behind its rows that they are wanted, and scores can still be made of them.
  [[nodiscard]] batch::Values kept() const noexcept {
    const batch::Values values = wanted();
    return payload != nullptr && !batch::are_wide(values) &&
                   (in == codec::Format::kJson || in == codec::Format::kTensors)
               ? batch::Values::kRaw
               : values;
  }
  /// Its answer has blocks of its own, as wide as that takes, however few its rows.
  [[nodiscard]] bool is_wide() const noexcept { return batch::are_wide(wanted()); }
  [[nodiscard]] batch::ScoringRate& rate() const noexcept {
    return batch::explains(wanted()) ? lane().explaining_rate() : lane().rate();
  }
  /// The answer may begin, or has begun, before the body ends: nobody knows how long that is.
  [[nodiscard]] bool flows() const;
  /// Its body had better wait.
  [[nodiscard]] bool piled_up() const noexcept;
  /// It need not wait any longer.
  [[nodiscard]] bool caught_up() const noexcept;

  void take_payload();
  /// That its rows will be scored to kept(). Requires that none is yet.
  void tell_payload();
  void take_decoder();
  /// What the payload says of its answer, once it has said it. The error is what the client is
  /// told.
  [[nodiscard]] base::Result<void> heed_outputs();
  /// From the payload's beginning again, if records in error can be and are to be marked.
  [[nodiscard]] bool begin_marking();
  /// How many of the `rows` rows that are not encoded yet have scores, before one has a mark.
  [[nodiscard]] size_t rows_before_mark(size_t rows) const;
  /// By its decoder, of the payload so far.
  [[nodiscard]] uint64_t decoder_bytes() const noexcept;
  /// By all that it has borrowed, as counted in the sums of all.
  [[nodiscard]] uint64_t bytes_held() const noexcept;
};

}  // namespace ringmaker::serve
