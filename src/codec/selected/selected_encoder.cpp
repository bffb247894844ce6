#include "codec/selected/selected_encoder.h"

#include "base/check.h"
#include "codec/selected/selected_csv_encoder.h"
#include "codec/selected/selected_json_encoder.h"
#include "codec/selected/selected_npy_encoder.h"
#include "codec/selected/selected_recordio_encoder.h"
#include "codec/tensors/tensor_encoder.h"

namespace ringmaker::codec {

std::unique_ptr<Encoder> make_selected_encoder(Format format, const data::OutputSchema& output,
                                               const OutputSelection& selection) {
  RM_CHECK(!selection.empty());
  RM_CHECK(selection.check(output).has_value());
  switch (format) {
    case Format::kCsv:
      return std::make_unique<SelectedCsvEncoder>(output, selection);
    case Format::kJson:
    case Format::kBareJson:
    case Format::kJsonLines:
      return std::make_unique<SelectedJsonEncoder>(output, selection, format == Format::kJsonLines);
    case Format::kNpy:
      return std::make_unique<SelectedNpyEncoder>(output, selection);
    case Format::kRecordio:
      return std::make_unique<SelectedRecordioEncoder>(output, selection);
    case Format::kTensors:
      return std::make_unique<TensorEncoder>(output, selection);
    case Format::kLibsvm:
    case Format::kNpz:
    case Format::kFloat32:
      break;
  }
  RM_UNREACHABLE();
}

}  // namespace ringmaker::codec
