#include "serve/endpoint_path.h"

#include <gtest/gtest.h>

namespace ringmaker::serve {
namespace {

TEST(EndpointPath, NamesWhatIsAskedOfWhichEndpoint) {
  using Kind = EndpointPath::Kind;
  EXPECT_EQ(parse_endpoint_path("/endpoints/heart/invocations").kind, Kind::kInvoke);
  EXPECT_EQ(parse_endpoint_path("/endpoints/heart/invocations").name, "heart");
  EXPECT_EQ(parse_endpoint_path("/endpoints/a%2Fb/invocations").name, "a%2Fb");
  EXPECT_EQ(parse_endpoint_path("/endpoints/h/async-invocations").kind, Kind::kInvokeAsync);
  EXPECT_EQ(parse_endpoint_path("/endpoints/h/invocations-response-stream").kind,
            Kind::kInvokeWithStream);
  for (const char* path :
       {"/endpoints/", "/endpoints//invocations", "/endpoints/h", "/endpoints/h/",
        "/endpoints/h/invocations/", "/endpoints/h/x", "/endpoint/h/invocations", "/invocations"}) {
    EXPECT_EQ(parse_endpoint_path(path).kind, Kind::kNone) << path;
  }
}

}  // namespace
}  // namespace ringmaker::serve
