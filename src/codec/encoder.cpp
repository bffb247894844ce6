#include "codec/encoder.h"

#include "base/check.h"
#include "codec/csv/csv_encoder.h"
#include "codec/json/bare_json_encoder.h"
#include "codec/json/json_encoder.h"
#include "codec/jsonlines/jsonlines_encoder.h"
#include "codec/npy/npy_encoder.h"
#include "codec/recordio/recordio_encoder.h"
#include "codec/tensors/tensor_encoder.h"

namespace ringmaker::codec {

std::unique_ptr<Encoder> make_encoder(Format format, const data::OutputSchema& output) {
  switch (format) {
    case Format::kCsv:
      return std::make_unique<CsvEncoder>(output);
    case Format::kJson:
      return std::make_unique<JsonEncoder>(output);
    case Format::kJsonLines:
      return std::make_unique<JsonLinesEncoder>(output);
    case Format::kNpy:
      return std::make_unique<NpyEncoder>(output);
    case Format::kRecordio:
      return std::make_unique<RecordioEncoder>(output);
    case Format::kBareJson:
      return std::make_unique<BareJsonEncoder>(output);
    case Format::kTensors:
      return std::make_unique<TensorEncoder>(output, native_outputs(output));
    case Format::kLibsvm:
    case Format::kNpz:
    case Format::kFloat32:
      break;
  }
  RM_UNREACHABLE();
}

}  // namespace ringmaker::codec
