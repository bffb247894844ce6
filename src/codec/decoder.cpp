#include "codec/decoder.h"

#include "base/check.h"
#include "codec/csv/csv_decoder.h"
#include "codec/float32/float32_decoder.h"
#include "codec/json/json_decoder.h"
#include "codec/jsonlines/jsonlines_decoder.h"
#include "codec/libsvm/libsvm_decoder.h"
#include "codec/npy/npy_decoder.h"
#include "codec/npz/npz_decoder.h"
#include "codec/recordio/recordio_decoder.h"
#include "codec/tensors/tensor_decoder.h"

namespace ringmaker::codec {

std::unique_ptr<Decoder> make_decoder(Format format, const data::Schema& schema) {
  switch (format) {
    case Format::kCsv:
      return std::make_unique<CsvDecoder>(schema);
    case Format::kJson:
      return std::make_unique<JsonDecoder>(schema);
    case Format::kJsonLines:
      return std::make_unique<JsonLinesDecoder>(schema);
    case Format::kLibsvm:
      return std::make_unique<LibsvmDecoder>(schema);
    case Format::kNpy:
      return std::make_unique<NpyDecoder>(schema);
    case Format::kNpz:
      return std::make_unique<NpzDecoder>(schema);
    case Format::kRecordio:
      return std::make_unique<RecordioDecoder>(schema);
    case Format::kFloat32:
      return std::make_unique<Float32Decoder>(schema);
    case Format::kTensors:
      return std::make_unique<TensorDecoder>(schema);
    case Format::kBareJson:
      break;
  }
  RM_UNREACHABLE();
}

}  // namespace ringmaker::codec
