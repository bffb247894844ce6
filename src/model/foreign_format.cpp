#include "model/foreign_format.h"

#include <algorithm>

namespace ringmaker::model {
namespace {

using std::string_view_literals::operator""sv;

struct Mark {
  std::string_view prefix;
  std::string_view sentence;
};

constexpr std::string_view kCompressed =
    "the model file is compressed by zlib, as joblib writes a Python pickle, which can hold "
    "programs "
    "and is never run: save the model in its library's own format";

constexpr Mark kMarks[] = {
    {"\x1f\x8b"sv,
     "the model file is a gzip archive (model.tar.gz?): unpack it into the model directory"sv},
    {"PK\x03\x04"sv, "the model file is a zip archive, not a Ringmaker model: unpack it first"sv},
    {"BZh"sv, "the model file is a bzip2 archive, not a Ringmaker model: unpack it first"sv},
    {"\xfd"
     "7zXZ"sv,
     "the model file is an xz archive, not a Ringmaker model: unpack it first"sv},
    {"\x28\xb5\x2f\xfd"sv,
     "the model file is a zstd archive, not a Ringmaker model: unpack it first"sv},
    {"binf"sv, "the model file begins as an XGBoost binary model, and is none"sv},
    {"{L\x00\x00"sv, "the model file begins as an XGBoost UBJSON model, and is none"sv},
    {"tree\n"sv, "the model file begins as a LightGBM text model, and is none"sv},
    {"\x78\x01"sv, kCompressed},
    {"\x78\x5e"sv, kCompressed},
    {"\x78\x9c"sv, kCompressed},
    {"\x78\xda"sv, kCompressed},
    {"\x7f"
     "ELF"sv,
     "the model file is a program or shared library (ELF), not a Ringmaker model"sv},
    {"\x89HDF\r\n"sv, "the model file is HDF5 (Keras?), which Ringmaker does not read"sv},
    {"\x93NUMPY"sv, "the model file is a NumPy array, not a Ringmaker model"sv},
};

constexpr std::string_view kJson =
    "the model file is a JSON text, not a Ringmaker model (those begin with the byte 89 and RMK)";
constexpr std::string_view kConfiguration =
    "the model file is a configuration of XGBoost (save_config), which holds no trees: save the "
    "model with save_model";
constexpr std::string_view kPickle =
    "the model file is a Python pickle, which can hold programs and is never run: save the model "
    "in its library's own format";

std::string_view start_of(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), std::min(bytes.size(), kForeignFormatBytes)};
}

}  // namespace

std::optional<std::string_view> foreign_format(std::span<const std::byte> bytes) {
  const std::string_view text = start_of(bytes);
  for (const Mark& mark : kMarks) {
    if (text.starts_with(mark.prefix)) {
      return mark.sentence;
    }
  }
  // Pickle protocol 2 to 5: the byte 80 and the protocol's number.
  if (text.size() >= 2 && text[0] == '\x80' && text[1] >= 2 && text[1] <= 5) {
    return kPickle;
  }
  if (!is_json(bytes)) {
    return std::nullopt;
  }
  return text.find("\"learner_train_param\"") != std::string_view::npos ? kConfiguration : kJson;
}

bool is_json(std::span<const std::byte> bytes) noexcept {
  const std::string_view text = start_of(bytes);
  const size_t first = text.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && (text[first] == '{' || text[first] == '[');
}

}  // namespace ringmaker::model
