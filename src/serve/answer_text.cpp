#include "serve/answer_text.h"

#include "codec/error_mark.h"
#include "serve/model_metadata.h"
#include "wire/json_writer.h"

namespace ringmaker::serve {

void AnswerText::append(Invocation& invocation, data::DenseView values, codec::Portion portion) {
  portion.sizes = &invocation.sizes;
  if (portion.first && !invocation.model_name.empty()) {
    portion.opening = opening(invocation);
  }
  const model::Predictor& predictor = invocation.model->predictor();
  if (invocation.kept() == batch::Values::kRaw) {
    const size_t columns = predictor.output().score_columns();
    portion.raw = values;
    scores_.assign(values.values, values.values + values.rows * columns);
    const data::DenseSpan scores{scores_.data(), values.rows, columns};
    predictor.link(scores);
    values = scores;
  } else if (invocation.is_wide()) {
    parts_.split(predictor, invocation.kept(), values);
    portion.raw = parts_.margins();
    portion.contributions = parts_.contributions();
    portion.leaves = parts_.leaves();
    values = parts_.scores();
  }
  invocation.encoder().encode(values, portion, text_);
}

void AnswerText::append_mark(const Invocation& invocation, std::string_view sentence,
                             const codec::Portion& portion) {
  codec::append_error_mark(invocation.out, sentence, portion, text_);
}

std::optional<uint64_t> AnswerText::json_bytes(Invocation& invocation, uint64_t rows) {
  return invocation.out == codec::Format::kTensors
             ? invocation.encoder().json_bytes(
                   {.rows_total = rows, .opening = opening(invocation), .sizes = &invocation.sizes})
             : std::nullopt;
}

/// An answer in tensors says whose it is, and to what.
std::string_view AnswerText::opening(const Invocation& invocation) {
  opening_ = "\"model_name\":";
  wire::append_json_string(opening_, invocation.model_name);
  opening_.append(",\"model_version\":\"").append(kModelVersion).append("\",");
  const codec::Decoder* const decoder = invocation.decoder.get();
  if (decoder != nullptr && !decoder->id().empty()) {
    opening_.append("\"id\":").append(decoder->id()).append(",");
  }
  return opening_;
}

}  // namespace ringmaker::serve
