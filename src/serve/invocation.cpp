#include "serve/invocation.h"

#include "serve/requested_outputs.h"

#include <algorithm>
#include <utility>

namespace ringmaker::serve {
namespace {

/// Rows that come faster than they can be scored wait up to here, then in the peer's kernel.
constexpr size_t kBlocksWaitingMax = 16;
/// Blocks of scores that are encoded more slowly than they come, for a peer that reads, before
/// his body waits.
constexpr size_t kScoreBlocksMax = 8;

/// What answers are made of: `outputs` is an encoder or the selection of one.
template <class Outputs>
batch::Values values_of(const Outputs& outputs, const data::OutputSchema& output) noexcept {
  const codec::Explaining explaining = outputs.explaining();
  return batch::values_for(output, outputs.wants_raw(), explaining.contributions,
                           explaining.leaves);
}

}  // namespace

bool Invocation::flows() const {
  const bool endless = bytes_decoded >= kScoredBeforeStatus && exchange->head().chunked;
  return begun || ((endless || streams) && !encoder().needs_rows_total());
}

bool Invocation::piled_up() const noexcept {
  return payload->waiting() > kBlocksWaitingMax ||
         (begun && !unread && payload->score_blocks() > kScoreBlocksMax);
}

bool Invocation::caught_up() const noexcept {
  return payload->waiting() <= kBlocksWaitingMax / 2 &&
         (!begun || unread || payload->score_blocks() <= kScoreBlocksMax / 2);
}

void Invocation::take_payload() {
  payload = lane().take_payload();
  if (streams) {
    payload->score_as_they_come();
  }
  tell_payload();
}

void Invocation::tell_payload() {
  if (const batch::Values values = kept(); batch::are_wide(values)) {
    payload->want(values, lane().wide_blocks(values));
  } else {
    payload->want(values);
  }
}

batch::Values Invocation::wanted() const noexcept {
  return selected == nullptr ? batch::Values::kScores
                             : values_of(*selected, model->predictor().output());
}

void Invocation::take_decoder() {
  decoder = lane().take_decoder(in);
  decoder->reset(payload_options);
}

base::Result<void> Invocation::heed_outputs() {
  const auto list = decoder->outputs();
  if ((!list && !decoder->wants_bytes(0)) || heeded) {
    return {};
  }
  heeded = true;
  const data::OutputSchema& output = model->predictor().output();
  base::Result<codec::OutputSelection> asked = outputs;
  if (list) {
    asked = requested_outputs(*list, output);
  }
  if (!asked) {
    return base::fail(std::move(asked.error()));
  }
  for (size_t i = 0; i < asked->fields().size(); ++i) {
    if (decoder->wants_bytes(i)) {
      asked->give_as_bytes(i);
    }
  }
  const bool scored = payload != nullptr && payload->rows_scored() > 0;
  if (begun || (scored && (batch::are_wide(values_of(*asked, output)) || is_wide()))) {
    return base::fail(base::ErrorCode::kInvalidInput,
                      "\"outputs\" stands behind the rows of a long payload, which are scored "
                      "already; put it before them");
  }
  selected = lane().encoder(out, *asked);
  if (payload != nullptr && !scored) {
    tell_payload();
  }
  return {};
}

bool Invocation::begin_marking() {
  if (!marks || decoder->marked() == nullptr) {
    return false;
  }
  codec::PayloadOptions options = payload_options;
  options.mark_records_in_error = true;
  decoder->reset(options);
  return true;
}

size_t Invocation::rows_before_mark(size_t rows) const {
  const codec::MarkedRecords* marked = decoder == nullptr ? nullptr : decoder->marked();
  return marked == nullptr || marked->empty()
             ? rows
             : std::min<uint64_t>(rows, marked->front_row() - rows_encoded);
}

uint64_t Invocation::decoder_bytes() const noexcept {
  if (decoder == nullptr) {
    return 0;
  }
  const codec::MarkedRecords* marked = decoder->marked();
  return decoder->bytes_gathered() + (marked == nullptr ? 0 : marked->bytes());
}

uint64_t Invocation::bytes_held() const noexcept {
  return decoder_bytes_held + coded_bytes_held + (payload == nullptr ? 0 : payload->bytes_held());
}

}  // namespace ringmaker::serve
