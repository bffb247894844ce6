// InferenceRoutes: the open inference protocols, for users who have no platform between them and
// the server.
//
//   GET  /v2  /v2/health/live  /v2/health/ready
//   GET  /v2/models/NAME[/versions/1]            metadata, filled in
//   GET  /v2/models/NAME[/versions/1]/ready
//   POST /v2/models/NAME[/versions/1]/infer      tensors in, tensors out
//   GET  /v1/models  /v1/models/NAME
//   POST /v1/models/NAME:predict                 {"instances":[...]} -> {"predictions":[...]}
//
// A server of one model answers to any name; one of many knows its models by theirs. Errors are
// {"error": "..."}.
#pragma once

#include "http/exchange.h"
#include "http/handler.h"
#include "serve/inference_path.h"
#include "serve/invocations.h"
#include "serve/metrics.h"
#include "serve/model_table.h"

#include <string>
#include <string_view>

namespace ringmaker::serve {

/// Not thread-safe: one a shard.
class InferenceRoutes {
 public:
  InferenceRoutes(ModelTable& models, Invocations& invocations)
      : models_(models), invocations_(invocations) {}

  /// `ready`: what /ping says. Of an infer or predict, exchange.user() is the exchange that
  /// Invocations knows.
  http::BodyMode on_head(http::Exchange& exchange, const InferencePath& path, bool ready);

 private:
  // `name`: of the path, decoded.
  void read(http::Exchange& exchange, const InferencePath& path, const std::string& name,
            bool ready);
  void read_model(http::Exchange& exchange, const InferencePath& path, const std::string& name,
                  bool ready);
  http::BodyMode invoke(http::Exchange& exchange, const InferencePath& path,
                        const std::string& name, bool ready);
  /// Null where there is none, which `exchange` has been told.
  [[nodiscard]] ShardModel* find_model(http::Exchange& exchange, const InferencePath& path,
                                       std::string_view name, bool ready);
  void answer(http::Exchange& exchange, int status, std::string_view json);
  void refuse(http::Exchange& exchange, Route route, int status, std::string_view sentence,
              std::string_view allow = {});

  ModelTable& models_;
  Invocations& invocations_;
};

}  // namespace ringmaker::serve
