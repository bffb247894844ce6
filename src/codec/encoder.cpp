#include "codec/encoder.h"

#include "base/check.h"
#include "codec/csv/csv_encoder.h"
#include "codec/json/json_encoder.h"

namespace ringmaker::codec {

std::unique_ptr<Encoder> make_encoder(Format format, const data::OutputSchema& output) {
  switch (format) {
    case Format::kCsv:
      return std::make_unique<CsvEncoder>(output);
    case Format::kJson:
      return std::make_unique<JsonEncoder>(output);
  }
  RM_UNREACHABLE();
}

}  // namespace ringmaker::codec
