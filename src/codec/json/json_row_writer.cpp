#include "codec/json/json_row_writer.h"

#include "wire/json_writer.h"

namespace ringmaker::codec {
namespace {

constexpr std::string_view kScore = R"({"score":)";
constexpr std::string_view kLabel = R"(,"predicted_label":)";

}  // namespace

void JsonRowWriter::append(const float* scores, std::string& out) const {
  out += kScore;
  if (output_.scores_are_list()) {
    for (size_t k = 0; k < output_.score_columns(); ++k) {
      out += k == 0 ? '[' : ',';
      wire::append_json_number(out, scores[k]);
    }
    out += ']';
  } else {
    wire::append_json_number(out, *scores);
  }
  if (output_.task != data::Task::kRegression) {
    out += kLabel;
    out += labels_.json(output_.predicted_class(scores));
  }
  out += '}';
}

size_t JsonRowWriter::bytes_max() const noexcept {
  const size_t scores = output_.score_columns() * (wire::kNumberBytesMax + 1) + 2;
  return kScore.size() + scores + kLabel.size() + labels_.bytes_max() + 1;
}

}  // namespace ringmaker::codec
