#include "serve/model_routes.h"

#include "base/check.h"
#include "serve/coded_body.h"
#include "serve/error_reply.h"
#include "wire/json_reader.h"
#include "wire/json_writer.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace ringmaker::serve {
namespace {

constexpr std::string_view kMethodsOfAll = "GET, HEAD, POST, OPTIONS";
constexpr std::string_view kMethodsOfOne = "GET, HEAD, DELETE, OPTIONS";

struct LoadRequest {
  std::string name;
  std::string url;
};

/// AWS's own example has a comma before the closing brace.
base::Result<LoadRequest> parse_load(std::string_view body) {
  RM_ASSIGN(const wire::JsonValue document,
            wire::JsonValue::parse(body, {.trailing_commas = true}));
  LoadRequest request;
  for (const auto& [key, text] :
       {std::pair{"model_name", &request.name}, std::pair{"url", &request.url}}) {
    RM_ASSIGN(const wire::JsonValue* value, document.require(key));
    RM_ASSIGN(*text, value->as_string());
    if (text->empty()) {
      return base::fail(value->error("is empty"));
    }
  }
  if (request.name.size() > ModelRoutes::kNameBytesMax) {
    return base::fail(base::ErrorCode::kInvalidInput,
                      fmt::format("model_name has {} bytes; at most {} are allowed",
                                  request.name.size(), ModelRoutes::kNameBytesMax));
  }
  return request;
}

void append_model(wire::JsonWriter& json, std::string_view name, std::string_view url) {
  json.begin_object().member("modelName", name).member("modelUrl", url).end_object();
}

/// Of any length of a page; more than a page can hold is a page.
std::optional<size_t> page_limit(std::string_view text) {
  size_t limit = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), limit);
  if (error != std::errc() || end != text.data() + text.size() || limit == 0) {
    return std::nullopt;
  }
  return std::min(limit, ModelKeeper::kPageMax);
}

/// A page token is the name behind which the next page begins, in hexadecimal: it stays right when
/// models come and go in between, and needs no encoding in a query.
std::string token_of(std::string_view name) {
  std::string token;
  for (const char c : name) {
    fmt::format_to(std::back_inserter(token), "{:02x}", static_cast<unsigned char>(c));
  }
  return token;
}

std::optional<std::string> name_of_token(std::string_view token) {
  std::string encoded;
  for (size_t i = 0; i < token.size(); i += 2) {
    encoded.append("%").append(token.substr(i, 2));
  }
  return token.empty() ? std::nullopt : percent_decoded(encoded);
}

/// What a client learns of a load that failed where names are kept from him.
std::string_view brief_sentence(const ModelOperation& operation) noexcept {
  switch (operation.status) {
    case 400:
      return "the url, or the model at it, is none that is served here; the server's log says why";
    case 404:
      return "there is nothing at the url";
    case 500:
      return "the model cannot be loaded; the server's log says why";
    case 507:
      return "there is no memory left for this model; unload others first";
    default:
      return operation.sentence;
  }
}

bool is_plain(const http::RequestHead& head) noexcept {
  const ContentCoding coding = content_coding(head);
  return coding.readable && !coding.coding;
}

}  // namespace

http::BodyMode ModelRoutes::on_head(http::Exchange& exchange, const ModelPath& path) {
  if (exchange.head().method == http::Method::kOptions) {
    const std::array<http::Header, 1> headers{
        {{"Allow", path.kind == ModelPath::Kind::kAll ? kMethodsOfAll : kMethodsOfOne}}};
    count(exchange, 204);
    exchange.respond({.status = 204, .content_type = {}, .extra_headers = headers}, {});
    return http::BodyMode::kDiscard;
  }
  if (path.kind == ModelPath::Kind::kAll) {
    return on_head_of_all(exchange);
  }
  on_head_of_one(exchange, path.name);
  return http::BodyMode::kDiscard;
}

http::BodyMode ModelRoutes::on_head_of_all(http::Exchange& exchange) {
  const http::RequestHead& head = exchange.head();
  switch (head.method) {
    case http::Method::kGet:
    case http::Method::kHead:
      list(exchange);
      return http::BodyMode::kDiscard;
    case http::Method::kPost:
      if (!is_plain(head)) {
        refuse(exchange, 415, "a load request comes without a Content-Encoding; send it as it is");
        return http::BodyMode::kDiscard;
      }
      if (head.content_length.value_or(0) > kBodyBytesMax) {
        refuse(exchange, 413, "a load request has a name and a url, 64 KiB at most");
        return http::BodyMode::kDiscard;
      }
      return http::BodyMode::kCollect;
    default:
      refuse(exchange, 405, "use GET to list models and POST to load one", kMethodsOfAll);
      return http::BodyMode::kDiscard;
  }
}

void ModelRoutes::on_head_of_one(http::Exchange& exchange, std::string_view encoded) {
  const http::Method method = exchange.head().method;
  if (method != http::Method::kGet && method != http::Method::kHead &&
      method != http::Method::kDelete) {
    refuse(exchange, 405, "use GET to see a model and DELETE to unload it", kMethodsOfOne);
    return;
  }
  auto name = percent_decoded(encoded);
  if (!name) {
    refuse(exchange, 400, kMalformedName);
    return;
  }
  if (method == http::Method::kDelete) {
    begin(exchange, ModelOperation::Kind::kUnload, std::move(*name), {});
    return;
  }
  const auto url = keeper_.url_of(*name);
  if (!url) {
    refuse(exchange, 404, "no model of this name is loaded");
    return;
  }
  std::string body;
  wire::JsonWriter json(body);
  append_model(json, *name, *url);
  answer(exchange, body);
}

void ModelRoutes::list(http::Exchange& exchange) {
  const std::string_view query = exchange.head().query;
  const auto limit = page_limit(query_value(query, "limit").value_or("100"));
  if (!limit) {
    refuse(exchange, 400, "limit is a whole number from 1 on; a page has 100 models at most");
    return;
  }
  std::string after;
  if (const auto token = query_value(query, "next_page_token"); token && !token->empty()) {
    auto name = name_of_token(*token);
    if (!name) {
      refuse(exchange, 400, "next_page_token is none that this server has given");
      return;
    }
    after = std::move(*name);
  }
  const auto [models, more] = keeper_.list(*limit, after);
  std::string body;
  wire::JsonWriter json(body);
  json.begin_object().key("models").begin_array();
  for (const auto& model : models) {
    append_model(json, model.name, model.url);
  }
  json.end_array();
  if (more) {
    json.member("nextPageToken", token_of(models.back().name));
  }
  json.end_object();
  answer(exchange, body);
}

void ModelRoutes::on_request(http::Exchange& exchange, std::string_view body) {
  if (body.size() > kBodyBytesMax) {
    refuse(exchange, 413, "a load request has a name and a url, 64 KiB at most");
    return;
  }
  auto request = parse_load(body);
  if (!request) {
    refuse(exchange, 400,
           fmt::format("{}. Send {{\"model_name\":\"NAME\",\"url\":\"/opt/ml/models/NAME/model\"}}",
                       request.error().message()));
    return;
  }
  begin(exchange, ModelOperation::Kind::kLoad, std::move(request->name), std::move(request->url));
}

void ModelRoutes::begin(http::Exchange& exchange, ModelOperation::Kind kind, std::string name,
                        std::string url) {
  operations_.push_back(std::make_unique<ModelOperation>(ModelOperation{.kind = kind,
                                                                        .name = std::move(name),
                                                                        .url = std::move(url),
                                                                        .shard = shard_,
                                                                        .exchange = &exchange,
                                                                        .sentence = {}}));
  exchange.user() = operations_.back().get();
  if (const auto begun = keeper_.begin(*operations_.back()); !begun) {
    exchange.user() = nullptr;
    operations_.pop_back();
    refuse(exchange, 503, begun.error().message());
  }
}

void ModelRoutes::on_abandoned(http::Exchange& exchange) noexcept {
  if (exchange.user() != nullptr) {
    static_cast<ModelOperation*>(exchange.user())->exchange = nullptr;
  }
}

void ModelRoutes::on_done(ModelOperation& operation) {
  if (http::Exchange* const exchange = operation.exchange) {
    if (operation.status != 200) {
      const bool hide = brief_ && operation.kind == ModelOperation::Kind::kLoad;
      refuse(*exchange, operation.status, operation.sentence, {},
             hide ? brief_sentence(operation) : std::string_view());
    } else {
      std::string body;
      wire::JsonWriter json(body);
      const bool loaded = operation.kind == ModelOperation::Kind::kLoad;
      json.begin_object().member("modelName", operation.name);
      json.member("status", loaded ? "loaded" : "unloaded").end_object();
      answer(*exchange, body);
    }
  }
  const auto found = std::find_if(operations_.begin(), operations_.end(),
                                  [&](const auto& one) { return one.get() == &operation; });
  RM_CHECK(found != operations_.end());
  operations_.erase(found);
}

void ModelRoutes::answer(http::Exchange& exchange, std::string_view json) {
  count(exchange, 200);
  exchange.respond({.status = 200, .content_type = "application/json"}, json);
}

void ModelRoutes::refuse(http::Exchange& exchange, int status, std::string_view sentence,
                         std::string_view allow, std::string_view brief) {
  access_.refused(exchange.head(), status, sentence);
  count(exchange, status);
  reply_error(exchange, status, brief.empty() ? sentence : brief, allow);
}

void ModelRoutes::count(http::Exchange& exchange, int status) {
  const uint64_t taken_ns = reactor_.read_clock_ns() - exchange.started_ns();
  metrics_.answered(Route::kModels, status, taken_ns);
  access_.answered(exchange.head(), Route::kModels, status, taken_ns);
}

}  // namespace ringmaker::serve
