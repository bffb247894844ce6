#include "serve/session_request.h"

#include "wire/json_reader.h"

namespace ringmaker::serve {

std::string session_request(std::string_view body) {
  if (body.size() > kSessionRequestBytesMax ||
      body.find("\"requestType\"") == std::string_view::npos) {
    return {};
  }
  const auto document = wire::JsonValue::parse(body);
  const wire::JsonValue* const type = document ? document->find("requestType") : nullptr;
  return type != nullptr ? type->text() : std::string();
}

}  // namespace ringmaker::serve
