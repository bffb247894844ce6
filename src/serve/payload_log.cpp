#include "serve/payload_log.h"

#include <variant>

namespace ringmaker::serve {
namespace {

constexpr std::string_view kRequestId = "X-Amzn-SageMaker-Inference-Id";

/// Rows and columns count from 1; 0 says that the error has no such place.
decltype(telemetry::Field::value) if_known(uint64_t place) noexcept {
  return place > 0 ? decltype(telemetry::Field::value)(place) : std::monostate();
}

}  // namespace

void PayloadLog::tell_of_unknown_columns(const Invocation& invocation) {
  if (!invocation.decoder->ignored_columns() || !invocation.lane().first_of_unknown_columns()) {
    return;
  }
  const http::RequestHead& head = invocation.exchange->head();
  log_.write(telemetry::Level::kWarn, "unknown_columns",
             {{"route", head.path},
              {"detail",
               "the payload names columns that the model does not know; they are "
               "ignored, here and from now on"},
              {"request_id", head.header(kRequestId)}});
}

void PayloadLog::tell_of_record(Invocation& invocation, const codec::DecodeError& error) {
  if (invocation.mark_told || !access_.errors()) {
    return;
  }
  invocation.mark_told = true;
  const http::RequestHead& head = invocation.exchange->head();
  log_.write(telemetry::Level::kWarn, "bad_record",
             {{"route", head.path},
              {"row", if_known(error.row)},
              {"column", if_known(error.column)},
              {"detail", detail(invocation, error)},
              {"request_id", head.header(kRequestId)}});
}

void PayloadLog::tell_of_payload(const Invocation& invocation, int status,
                                 const codec::DecodeError& place, std::string_view detail) {
  if (!access_.errors()) {
    return;
  }
  const http::RequestHead& head = invocation.exchange->head();
  log_.write(telemetry::Level::kWarn, "decode_error",
             {{"route", head.path},
              {"status", int64_t{status}},
              {"row", if_known(place.row)},
              {"column", if_known(place.column)},
              {"detail", detail},
              {"request_id", head.header(kRequestId)}});
}

std::string PayloadLog::detail(const Invocation& invocation, const codec::DecodeError& error) {
  return codec::describe(error, invocation.model->predictor().schema());
}

std::string PayloadLog::sentence(const Invocation& invocation,
                                 const codec::DecodeError& error) const {
  return codec::describe(error, invocation.model->predictor().schema(), brief_);
}

}  // namespace ringmaker::serve
