// make_selected_encoder: the encoder of one format for answers of selected outputs.
#pragma once

#include "codec/encoder.h"
#include "codec/selected/output_selection.h"

#include <memory>

namespace ringmaker::codec {

/// `output` must outlive the encoder. Requires is_writable(format), a selection that is not empty,
/// and selection.check(output) to hold.
[[nodiscard]] std::unique_ptr<Encoder> make_selected_encoder(Format format,
                                                             const data::OutputSchema& output,
                                                             const OutputSelection& selection);

}  // namespace ringmaker::codec
