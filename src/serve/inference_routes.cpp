#include "serve/inference_routes.h"

#include "base/version.h"
#include "serve/error_reply.h"
#include "serve/inference_exchange.h"
#include "serve/model_metadata.h"
#include "serve/model_path.h"
#include "wire/json_writer.h"

#include <array>
#include <charconv>
#include <optional>

namespace ringmaker::serve {
namespace {

using Kind = InferencePath::Kind;

/// What a model without a name is called where names are listed.
constexpr std::string_view kOwnName = "default";
constexpr std::string_view kJsonBytesField = "Inference-Header-Content-Length";

std::string server_metadata() {
  std::string text;
  wire::JsonWriter json(text);
  json.begin_object().member("name", "ringmaker").member("version", base::kVersion);
  json.key("extensions").begin_array().value("binary_tensor_data").end_array().end_object();
  return text;
}

std::string one_fact(std::string_view key, bool truth) {
  std::string text;
  wire::JsonWriter(text).begin_object().member(key, truth).end_object();
  return text;
}

/// Nothing where it is no number.
std::optional<uint64_t> whole_number(std::string_view text) noexcept {
  uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() ? std::optional(number)
                                                                  : std::nullopt;
}

}  // namespace

void InferenceRoutes::answer(http::Exchange& exchange, int status, std::string_view json) {
  invocations_.count(exchange, Route::kOther, status);
  exchange.respond({.status = status, .content_type = "application/json"}, json);
}

void InferenceRoutes::refuse(http::Exchange& exchange, Route route, int status,
                             std::string_view sentence, std::string_view allow) {
  invocations_.access().refused(exchange.head(), status, sentence);
  invocations_.count(exchange, route, status);
  reply_error(InferenceExchange::make(exchange), status, sentence, allow);
}

http::BodyMode InferenceRoutes::on_head(http::Exchange& exchange, const InferencePath& path,
                                        bool ready) {
  if (path.kind == Kind::kNone) {
    refuse(exchange, Route::kOther, 404,
           "there is nothing at this path; try /v2/models/NAME, /v2/models/NAME/infer or "
           "/v1/models/NAME:predict");
    return http::BodyMode::kDiscard;
  }
  const auto name = percent_decoded(path.name);
  if (!name) {
    refuse(exchange, path.invokes() ? Route::kInvocations : Route::kOther, 400, kMalformedName);
    return http::BodyMode::kDiscard;
  }
  if (!path.version.empty() && path.version != kModelVersion) {
    refuse(exchange, path.invokes() ? Route::kInvocations : Route::kOther, 404,
           "models have one version here: 1");
    return http::BodyMode::kDiscard;
  }
  const http::Method method = exchange.head().method;
  const std::string_view allow = path.invokes() ? "POST, OPTIONS" : "GET, HEAD, OPTIONS";
  if (method == http::Method::kOptions) {
    const std::array<http::Header, 1> headers{{{"Allow", allow}}};
    invocations_.count(exchange, Route::kOther, 204);
    exchange.respond({.status = 204, .content_type = {}, .extra_headers = headers}, {});
    return http::BodyMode::kDiscard;
  }
  if (path.invokes()) {
    if (method == http::Method::kPost) {
      return invoke(exchange, path, *name, ready);
    }
    refuse(exchange, Route::kInvocations, 405, "use POST to invoke a model", allow);
  } else if (method == http::Method::kGet || method == http::Method::kHead) {
    read(exchange, path, *name, ready);
  } else {
    refuse(exchange, Route::kOther, 405, "use GET for this path", allow);
  }
  return http::BodyMode::kDiscard;
}

void InferenceRoutes::read(http::Exchange& exchange, const InferencePath& path,
                           const std::string& name, bool ready) {
  switch (path.kind) {
    case Kind::kServer:
      answer(exchange, 200, server_metadata());
      return;
    case Kind::kLive:
      answer(exchange, 200, one_fact("live", true));
      return;
    case Kind::kReady:
      answer(exchange, ready ? 200 : 503, one_fact("ready", ready));
      return;
    case Kind::kV1Models: {
      std::string text;
      wire::JsonWriter json(text);
      json.begin_object().key("models").begin_array();
      if (models_.own() != nullptr) {
        json.value(kOwnName);
      }
      for (const std::string_view model : models_.names()) {
        json.value(model);
      }
      json.end_array().end_object();
      answer(exchange, 200, text);
      return;
    }
    default:
      read_model(exchange, path, name, ready);
  }
}

void InferenceRoutes::read_model(http::Exchange& exchange, const InferencePath& path,
                                 const std::string& name, bool ready) {
  ShardModel* const model = find_model(exchange, path, name, ready);
  if (model == nullptr) {
    return;
  }
  if (path.kind == Kind::kModel) {
    answer(exchange, 200, model_metadata(name, model->predictor(), invocations_.outputs()));
    return;
  }
  std::string text;
  wire::JsonWriter(text).begin_object().member("name", name).member("ready", ready).end_object();
  answer(exchange, ready ? 200 : 503, text);
}

ShardModel* InferenceRoutes::find_model(http::Exchange& exchange, const InferencePath& path,
                                        std::string_view name, bool ready) {
  const Route route = path.invokes() ? Route::kInvocations : Route::kOther;
  ShardModel* const found = models_.own() != nullptr ? models_.own() : models_.find(name);
  if (found == nullptr && !ready) {
    refuse(exchange, route, 503, "the model is being loaded; retry in a moment");
  } else if (found == nullptr) {
    refuse(exchange, route, 404, "no model of this name is loaded");
  } else {
    return found;
  }
  return nullptr;
}

http::BodyMode InferenceRoutes::invoke(http::Exchange& exchange, const InferencePath& path,
                                       const std::string& name, bool ready) {
  ShardModel* const model = find_model(exchange, path, name, ready);
  if (model == nullptr) {
    return http::BodyMode::kDiscard;
  }
  InvocationTerms terms;
  terms.outputs = invocations_.outputs();
  if (path.kind == Kind::kV1Predict) {
    terms.in = codec::Format::kJson;
    terms.out = codec::Format::kBareJson;
  } else {
    terms.in = codec::Format::kTensors;
    terms.out = codec::Format::kTensors;
    terms.model_name = exchange.arena().copy(name);
    if (terms.outputs.empty()) {
      terms.outputs = codec::native_outputs(model->predictor().output());
    }
    const std::string_view json_bytes = exchange.head().header(kJsonBytesField);
    terms.options.json_bytes = whole_number(json_bytes);
    if (!json_bytes.empty() && !terms.options.json_bytes) {
      refuse(exchange, Route::kInvocations, 400,
             "the header field Inference-Header-Content-Length is no whole number");
      return http::BodyMode::kDiscard;
    }
  }
  InferenceExchange& inner = InferenceExchange::make(exchange);
  return invocations_.on_head(inner, *model, Route::kInvocations, terms);
}

}  // namespace ringmaker::serve
