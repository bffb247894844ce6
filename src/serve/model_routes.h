// ModelRoutes: /models and /models/NAME, where the platform says which models it wants.
//
//   POST   /models        {"model_name","url"}  load      200, 400, 404, 409, 500, 507
//   GET    /models        ?limit&next_page_token          200: {"models":[...],"nextPageToken"}
//   GET    /models/NAME                                   200, 404
//   DELETE /models/NAME   unload                          200, 404
//
// Loads and unloads are the keeper's work; the shard goes on and answers when they come back.
#pragma once

#include "http/exchange.h"
#include "http/handler.h"
#include "io/reactor.h"
#include "serve/access_log.h"
#include "serve/metrics.h"
#include "serve/model_keeper.h"
#include "serve/model_path.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace ringmaker::serve {

/// Not thread-safe: one a shard. Operations that are under way must be over before it goes, or the
/// keeper stopped.
class ModelRoutes {
 public:
  static constexpr size_t kBodyBytesMax = 64 * 1024;
  static constexpr size_t kNameBytesMax = 1024;

  /// `brief`: clients learn that a load has failed, no paths and no names of the model's.
  ModelRoutes(size_t shard, io::Reactor& reactor, ModelKeeper& keeper, ShardMetrics& metrics,
              AccessLog& access, bool brief)
      : shard_(shard),
        reactor_(reactor),
        keeper_(keeper),
        metrics_(metrics),
        access_(access),
        brief_(brief) {}

  /// `path` is kAll or kOne.
  http::BodyMode on_head(http::Exchange& exchange, const ModelPath& path);
  /// The body of a load.
  void on_request(http::Exchange& exchange, std::string_view body);
  void on_abandoned(http::Exchange& exchange) noexcept;
  /// An operation of this shard is over.
  void on_done(ModelOperation& operation);

 private:
  http::BodyMode on_head_of_all(http::Exchange& exchange);
  void on_head_of_one(http::Exchange& exchange, std::string_view name);
  void list(http::Exchange& exchange);
  void begin(http::Exchange& exchange, ModelOperation::Kind kind, std::string name,
             std::string url);
  void answer(http::Exchange& exchange, std::string_view json);
  /// `brief`: what the client is told instead of the sentence, which the log has.
  void refuse(http::Exchange& exchange, int status, std::string_view sentence,
              std::string_view allow = {}, std::string_view brief = {});
  void count(http::Exchange& exchange, int status);

  size_t shard_;
  io::Reactor& reactor_;
  ModelKeeper& keeper_;
  ShardMetrics& metrics_;
  AccessLog& access_;
  bool brief_;
  std::vector<std::unique_ptr<ModelOperation>> operations_;  // under way
};

}  // namespace ringmaker::serve
