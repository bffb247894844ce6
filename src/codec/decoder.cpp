#include "codec/decoder.h"

#include "base/check.h"
#include "codec/csv/csv_decoder.h"
#include "codec/json/json_decoder.h"

namespace ringmaker::codec {

std::unique_ptr<Decoder> make_decoder(Format format, const data::Schema& schema) {
  switch (format) {
    case Format::kCsv:
      return std::make_unique<CsvDecoder>(schema);
    case Format::kJson:
      return std::make_unique<JsonDecoder>(schema);
  }
  RM_UNREACHABLE();
}

}  // namespace ringmaker::codec
