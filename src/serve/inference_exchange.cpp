#include "serve/inference_exchange.h"

#include "wire/json_writer.h"

#include <string>

namespace ringmaker::serve {

void InferenceExchange::respond(const http::ResponseHead& head, std::string_view body) {
  if (head.status < 400 || head.content_type == "application/json") {
    outer_.respond(head, body);
    return;
  }
  if (body.ends_with('\n')) {
    body.remove_suffix(1);
  }
  std::string text;
  wire::JsonWriter(text).begin_object().member("error", body).end_object();
  http::ResponseHead dressed = head;
  dressed.content_type = "application/json";
  outer_.respond(dressed, text);
}

}  // namespace ringmaker::serve
