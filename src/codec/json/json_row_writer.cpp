#include "codec/json/json_row_writer.h"

#include "wire/json_writer.h"

namespace ringmaker::codec {
namespace {

constexpr std::string_view kScore = R"({"score":)";
constexpr std::string_view kLabel = R"(,"predicted_label":)";

}  // namespace

JsonRowWriter::JsonRowWriter(const data::OutputSchema& output) : output_(output), labels_(output) {
  if (!output.values_by_name) {
    return;
  }
  for (const std::string& name : output.value_names) {
    keys_.push_back((keys_.empty() ? "{\"" : ",\"") + name + "\":");
  }
}

void JsonRowWriter::append_named(const float* scores, std::string& out) const {
  for (size_t k = 0; k < keys_.size(); ++k) {
    out += keys_[k];
    wire::append_json_number(out, scores[k]);
  }
  out += '}';
}

void JsonRowWriter::append(const float* scores, std::string& out) const {
  if (!keys_.empty()) {
    append_named(scores, out);
    return;
  }
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
  if (output_.label_beside_score()) {
    out += kLabel;
    out += labels_.json(output_.predicted_class(scores));
  }
  out += '}';
}

size_t JsonRowWriter::bytes_max() const noexcept {
  const size_t scores = output_.score_columns() * (wire::kNumberBytesMax + 1) + 2;
  size_t keys = 0;
  for (const std::string& key : keys_) {
    keys += key.size();
  }
  return kScore.size() + keys + scores + kLabel.size() + labels_.bytes_max() + 1;
}

}  // namespace ringmaker::codec
