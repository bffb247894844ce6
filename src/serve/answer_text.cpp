#include "serve/answer_text.h"

#include "codec/error_mark.h"
#include "serve/model_metadata.h"
#include "wire/json_writer.h"

namespace ringmaker::serve {

void AnswerText::append(const Invocation& invocation, data::DenseView values,
                        codec::Portion portion) {
  if (portion.first && portion.pass == 0 && !invocation.model_name.empty()) {
    portion.opening = opening(invocation);
  }
  if (invocation.kept() == batch::Values::kRaw) {
    portion.raw = values;
  } else if (invocation.explains()) {
    parts_.split(invocation.model->predictor(), invocation.kept(), values);
    portion.raw = parts_.raw();
    portion.contributions = parts_.contributions();
    portion.leaves = parts_.leaves();
  }
  if (invocation.kept() != batch::Values::kScores) {
    linked_.assign(portion.raw.values, portion.raw.values + portion.raw.rows * portion.raw.columns);
    const data::DenseSpan scores{linked_.data(), portion.raw.rows, portion.raw.columns};
    invocation.model->predictor().link(scores);
    values = scores;
  }
  invocation.encoder().encode(values, portion, text_);
}

void AnswerText::append_mark(const Invocation& invocation, std::string_view sentence,
                             const codec::Portion& portion) {
  codec::append_error_mark(invocation.out, sentence, portion, text_);
}

std::optional<uint64_t> AnswerText::json_bytes(const Invocation& invocation, uint64_t rows) {
  return invocation.out == codec::Format::kTensorBytes
             ? invocation.encoder().json_bytes({.rows_total = rows, .opening = opening(invocation)})
             : std::nullopt;
}

/// An answer in tensors says whose it is, and to what.
std::string_view AnswerText::opening(const Invocation& invocation) {
  opening_ = "\"model_name\":";
  wire::append_json_string(opening_, invocation.model_name);
  opening_.append(",\"model_version\":\"").append(kModelVersion).append("\",");
  if (const std::string_view id = invocation.decoder->id(); !id.empty()) {
    opening_.append("\"id\":").append(id).append(",");
  }
  return opening_;
}

}  // namespace ringmaker::serve
