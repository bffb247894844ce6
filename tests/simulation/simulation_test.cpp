// The whole server, by seed: sockets that misbehave, peers that are slow, rude or gone, time that
// jumps, an end that may come at any moment. Whatever happens, each request is answered once, in
// order, whole and with the bytes of an unhurried run, and nothing is left behind.
//
// RINGMAKER_SIMULATION_SEED=N replays one seed; RINGMAKER_SIMULATION_SEEDS=N runs more of them.
#include "base/atomic_file.h"
#include "model/artifact.h"
#include "tests/simulation/world.h"
#include "tests/support/program.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <charconv>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <optional>
#include <string_view>

namespace ringmaker::test {
namespace {

constexpr uint64_t kTests = 10;
constexpr uint64_t kSeeds = 1000;
/// Once nothing goes wrong any more, all peers have their answers within so many steps.
constexpr size_t kCalmStepsMax = 50'000;

/// How many seeds all tests together run: a text that is no number above 0 is no wish for none.
std::optional<uint64_t> seeds_wanted(const char* text) {
  if (text == nullptr) {
    return kSeeds;
  }
  const std::string_view digits(text);
  uint64_t seeds = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), seeds);
  const bool whole = error == std::errc() && end == digits.data() + digits.size();
  return whole && seeds > 0 && seeds <= UINT64_MAX / kTests ? std::optional(seeds) : std::nullopt;
}

struct SeedRange {
  uint64_t begin = 0;
  uint64_t end = 0;
};

/// The seeds of one test; together the tests run each seed once.
SeedRange seeds_of(uint64_t test, uint64_t seeds) {
  return {test * seeds / kTests, (test + 1) * seeds / kTests};
}

std::string post(std::string_view type, std::string_view body, std::string_view fields = "") {
  return fmt::format(
      "POST /invocations HTTP/1.1\r\nHost: s\r\nContent-Type: {}\r\n{}Content-Length: {}\r\n\r\n{}",
      type, fields, body.size(), body);
}

std::string chunked(std::string_view body, size_t size) {
  std::string text =
      "POST /invocations HTTP/1.1\r\nHost: s\r\nContent-Type: text/csv\r\n"
      "Transfer-Encoding: chunked\r\n\r\n";
  for (size_t at = 0; at < body.size(); at += size) {
    const std::string_view piece = body.substr(at, size);
    text += fmt::format("{:x}\r\n{}\r\n", piece.size(), piece);
  }
  return text + "0\r\n\r\n";
}

std::string rows(size_t count) {
  std::string text;
  for (size_t i = 0; i < count; ++i) {
    text += fmt::format("{},{}.5,{}\n", i, i % 7, i % 3);
  }
  return text;
}

/// How many at the front of the catalogue are small.
constexpr size_t kSmallRequests = 14;

const std::vector<SimulatedRequest>& catalogue() {
  static const std::vector<SimulatedRequest> kRequests{
      {"GET /ping HTTP/1.1\r\nHost: s\r\n\r\n"},
      {"HEAD /ping HTTP/1.1\r\nHost: s\r\n\r\n", true},
      {"GET /nowhere HTTP/1.1\r\nHost: s\r\n\r\n"},
      {"DELETE /invocations HTTP/1.1\r\nHost: s\r\n\r\n"},
      {post("text/csv", "1,2,3")},
      {post("text/csv", "4,5,6\n7,8,9\n")},
      {post("text/csv", "4,5,6\n7,8,9\n", "Accept: application/json\r\n")},
      {post("text/csv", "1,2,3\n1,x,3\n")},
      {post("text/csv", "1,2\n")},
      {post("text/csv", "")},
      {post("image/png", "1,2,3")},
      {post("text/csv", "1,2,3", "Expect: 100-continue\r\n")},
      {post("application/json", R"({"instances":[{"features":[1,2,3]},{"features":[4,5,6]}]})")},
      {post("application/json", R"([[1,2,3],[4,5)")},
      {post("text/csv", rows(40))},
      {post("text/csv", rows(900))},
      {post("text/csv", rows(5'000))},
      {post("text/csv", rows(900) + "1,2\n")},
      {chunked("1,2,3\n4,5,6", 4)},
      {chunked(rows(600), 333)},
  };
  return kRequests;
}

/// Models on disk that may be loaded while others do the same, and one that cannot be.
const std::string& models_dir() {
  static const TemporaryDirectory kFiles;
  static const std::string kPath = [] {
    kFiles.write("sum/model/.keep", "");
    EXPECT_TRUE(base::write_file_atomically(kFiles.path("sum/model/model.ringmaker"),
                                            model::encode_artifact(simulated_model(0.5))));
    kFiles.write("broken/model/model.ringmaker", "no model");
    return kFiles.path();
  }();
  return kPath;
}

SimulatedRequest load(std::string_view name, std::string_view directory,
                      std::vector<SimulatedAnswer> or_else) {
  const std::string body =
      fmt::format(R"({{"model_name":"{}","url":"/opt/ml/models/{}/model"}})", name, directory);
  return {fmt::format("POST /models HTTP/1.1\r\nHost: s\r\nContent-Length: {}\r\n\r\n{}",
                      body.size(), body),
          false, std::move(or_else)};
}

SimulatedRequest invoke(std::string_view name, std::string request, std::string scores) {
  request.replace(request.find("/invocations"), 12, fmt::format("/models/{}/invoke", name));
  return {std::move(request), false, {{200, "text/csv", std::move(scores)}}};
}

std::string scores_of(size_t count) {
  std::string text;
  for (size_t i = 0; i < count; ++i) {
    const double a = static_cast<double>(i);
    text += fmt::format("{}\n", a + 0.5 * (static_cast<double>(i % 7) + 0.5) -
                                    2 * static_cast<double>(i % 3) + 0.5);
  }
  return text;
}

/// What is answered here depends on who else has asked what: on an empty server the first way, else
/// perhaps another.
const std::vector<SimulatedRequest>& model_catalogue() {
  static const std::vector<SimulatedRequest> kRequests = [] {
    const std::string json = "application/json";
    const auto entry = [](std::string_view name) {
      return fmt::format(R"({{"modelName":"{}","modelUrl":"/opt/ml/models/sum/model"}})", name);
    };
    const auto list = [](const std::string& entries) {
      return fmt::format(R"({{"models":[{}]}})", entries);
    };
    const std::vector<SimulatedAnswer> loaded_already{
        {409, "text/plain; charset=utf-8", "a model of this name is loaded already\n"}};
    std::vector<SimulatedRequest> requests{{"GET /models HTTP/1.1\r\nHost: s\r\n\r\n",
                                            false,
                                            {{200, json, list(entry("a"))},
                                             {200, json, list(entry("b"))},
                                             {200, json, list(entry("a") + "," + entry("b"))}}}};
    for (const std::string_view name : {"a", "b"}) {
      requests.push_back(load(name, "sum", loaded_already));
      requests.push_back(load(name, "broken", loaded_already));
      requests.push_back(load(name, "gone", loaded_already));
      requests.push_back({fmt::format("GET /models/{} HTTP/1.1\r\nHost: s\r\n\r\n", name),
                          false,
                          {{200, json, entry(name)}}});
      requests.push_back(
          {fmt::format("DELETE /models/{} HTTP/1.1\r\nHost: s\r\n\r\n", name),
           false,
           {{200, json, fmt::format(R"({{"modelName":"{}","status":"unloaded"}})", name)}}});
      requests.push_back(invoke(name, post("text/csv", "1,2,3"), "-3.5\n"));
      requests.push_back(invoke(name, post("text/csv", rows(40)), scores_of(40)));
      requests.push_back(invoke(name, chunked(rows(100), 33), scores_of(100)));
    }
    return requests;
  }();
  return kRequests;
}

/// What a server without hurry, faults or neighbours answers.
const SimulatedAnswer& unhurried(const SimulatedRequest& request) {
  static std::map<std::string, SimulatedAnswer> known;
  const auto found = known.find(request.bytes);
  if (found != known.end()) {
    return found->second;
  }
  WorldOptions calm;
  calm.shards = 1;
  calm.models_dir = models_dir();
  World world(1, calm);
  const Peer& peer = world.add_peer({request}, PeerManner::kGood);
  EXPECT_TRUE(world.run_until([&] { return peer.done(); }));
  EXPECT_EQ(peer.answers().size(), 1U) << request.bytes;
  return known[request.bytes] = peer.answers().empty() ? SimulatedAnswer{} : peer.answers()[0];
}

WorldOptions draw_options(base::Random& random) {
  const auto rate = [&random](double most) {
    return random.below(2) == 0 ? 0.0 : random.uniform() * most;
  };
  WorldOptions options;
  options.faults = {.late = rate(0.7),
                    .short_receive = rate(0.5),
                    .short_send = rate(0.5),
                    .no_buffer = rate(0.5),
                    .broken = rate(0.002),
                    .interrupted = rate(0.2),
                    .accept_pause = rate(0.3),
                    .woken = rate(0.2),
                    .no_stream = rate(0.1),
                    .late_pause = rate(0.5)};
  options.shards = 1 + random.below(2);
  options.buffer_count = size_t{1} << random.below(5);
  options.buffer_bytes = size_t{16} << random.below(9);
  options.batch_rows_max = size_t{1} << random.below(9);
  options.held_bytes_max = random.below(4) == 0 ? 1'000 + random.below(20'000) : UINT64_MAX;
  options.clock_jump = rate(0.001);
  options.job = 0.01 + random.uniform() * 0.5;
  options.models_dir = models_dir();
  return options;
}

std::string describe(const WorldOptions& options) {
  const SimulatedFaults& faults = options.faults;
  return fmt::format(
      "late {:.3f}, short receive {:.3f}, short send {:.3f}, no buffer {:.3f}, broken {:.4f}, "
      "interrupted {:.3f}, accept pause {:.3f}, woken {:.3f}, no stream {:.3f}, late pause {:.3f}, "
      "clock jump {:.4f}, job {:.3f}; {} "
      "shards, "
      "{} buffers of {}, batches of {}, {} bytes held at most",
      faults.late, faults.short_receive, faults.short_send, faults.no_buffer, faults.broken,
      faults.interrupted, faults.accept_pause, faults.woken, faults.no_stream, faults.late_pause,
      options.clock_jump, options.job, options.shards, options.buffer_count, options.buffer_bytes,
      options.batch_rows_max, options.held_bytes_max);
}

void check(const World& world, const Peer& peer, bool overload_possible,
           const std::map<const Peer*, size_t>& owed) {
  ASSERT_FALSE(peer.malformed_answer());
  ASSERT_LE(peer.answers().size(), peer.script().size()) << "an answer without a request";
  bool closed = false;
  for (size_t i = 0; i < peer.answers().size(); ++i) {
    const SimulatedAnswer& answer = peer.answers()[i];
    ASSERT_FALSE(closed) << "an answer after the one that announced the close";
    closed = answer.close;
    if (peer.manner() == PeerManner::kFallsSilent && answer.status == 408) {
      continue;
    }
    if (answer.status == 503 && (overload_possible || world.broken(peer))) {
      continue;
    }
    const SimulatedRequest& request = peer.script()[i];
    const auto same = [&answer](const SimulatedAnswer& other) {
      return answer.status == other.status && answer.type == other.type &&
             answer.body == other.body;
    };
    if (std::any_of(request.or_else.begin(), request.or_else.end(), same)) {
      continue;
    }
    const SimulatedAnswer& expected = unhurried(request);
    ASSERT_EQ(answer.status, expected.status) << request.bytes << answer.type << answer.body;
    ASSERT_EQ(answer.type, expected.type);
    ASSERT_EQ(answer.body, expected.body);
  }
  const bool polite =
      peer.manner() == PeerManner::kGood || peer.manner() == PeerManner::kHalfCloses;
  if (polite && !world.broken(peer)) {
    // Who has no room to read a head cannot know that it asks for no body.
    const bool head_unread = closed && peer.answers().back().status == 503 &&
                             peer.script()[peer.answers().size() - 1].head_only;
    ASSERT_FALSE(peer.incomplete_answer() && !head_unread) << "an answer was cut";
    // A server that ends announces the close to whom it has read; one that does not end closes
    // before all is answered only when it is overloaded, or when it turns down a body whose end it
    // cannot see, for a model that has gone.
    const size_t answered = peer.answers().size();
    const bool model_gone = closed && peer.answers().back().status == 404 &&
                            !peer.script()[answered - 1].or_else.empty();
    if (!model_gone && (!closed || !overload_possible)) {
      ASSERT_GE(peer.answers().size(), owed.at(&peer)) << "a request went unanswered";
    }
  }
}

/// Where each answer has come back: a model is loaded if loads of it succeeded once more than
/// unloads did, and none succeeded without need.
void check_models(const World& world) {
  for (const std::string name : {"a", "b"}) {
    int loaded = 0;
    for (const auto& peer : world.peers()) {
      for (size_t i = 0; i < peer->answers().size(); ++i) {
        const std::string& request = peer->script()[i].bytes;
        if (peer->answers()[i].status == 200) {
          loaded += request.find("{\"model_name\":\"" + name + "\"") != std::string::npos ? 1 : 0;
          loaded -= request.starts_with("DELETE /models/" + name + " ") ? 1 : 0;
        }
      }
    }
    ASSERT_EQ(loaded, world.is_loaded(name) ? 1 : 0) << name;
  }
}

/// Adds to `faults` what went wrong on purpose.
void run(uint64_t seed, uint64_t& faults) {
  base::Random random(seed);
  const WorldOptions options = draw_options(random);
  SCOPED_TRACE(fmt::format("RINGMAKER_SIMULATION_SEED={}: {}", seed, describe(options)));
  World world(random(), options);
  const bool of_many_models = random.below(3) == 0;
  const size_t peers = 1 + random.below(8);
  for (size_t i = 0; i < peers; ++i) {
    std::vector<SimulatedRequest> script;
    // Now and then more than a connection takes in hand, small ones then.
    const bool many = random.below(8) == 0;
    const size_t requests = many ? 17 + random.below(30) : 1 + random.below(6);
    for (size_t k = 0; k < requests; ++k) {
      if (of_many_models && random.below(4) != 0) {
        script.push_back(model_catalogue()[random.below(model_catalogue().size())]);
      } else {
        script.push_back(catalogue()[random.below(many ? kSmallRequests : catalogue().size())]);
      }
    }
    const uint64_t manner = random.below(10);
    world.add_peer(std::move(script), manner < 6   ? PeerManner::kGood
                                      : manner < 8 ? PeerManner::kHalfCloses
                                      : manner < 9 ? PeerManner::kAborts
                                                   : PeerManner::kFallsSilent);
  }
  const bool ends_early = random.below(3) == 0;
  std::map<const Peer*, size_t> owed;
  const auto all_done = [&world] {
    return std::all_of(world.peers().begin(), world.peers().end(),
                       [](const auto& peer) { return peer->done(); });
  };
  if (ends_early) {
    size_t steps = random.below(300);
    (void)world.run_until([&] { return steps-- == 0; });
  } else {
    if (random.below(3) == 0) {
      size_t steps = random.below(300);
      (void)world.run_until([&] { return steps-- == 0; });
      world.stop_faults();
      ASSERT_TRUE(world.run_until(all_done, kCalmStepsMax)) << "no rest though nothing goes wrong";
    }
    ASSERT_TRUE(world.run_until(all_done)) << "peers wait for ever. " << world.wrong();
    const bool all_told =
        options.held_bytes_max == UINT64_MAX &&
        std::all_of(world.peers().begin(), world.peers().end(), [&world](const auto& peer) {
          return peer->manner() != PeerManner::kAborts &&
                 peer->manner() != PeerManner::kFallsSilent && !world.broken(*peer);
        });
    if (all_told) {
      check_models(world);
    }
  }
  for (const auto& peer : world.peers()) {
    owed[peer.get()] = ends_early ? peer->requests_sent() : peer->script().size();
  }
  world.begin_drain();
  if (random.below(4) == 0) {
    size_t steps = random.below(300);
    (void)world.run_until([&] { return world.drained() || steps-- == 0; });
    world.hasten_drain();
  }
  ASSERT_TRUE(world.run_until([&] { return world.drained(); })) << "no end\n" << world.held();
  (void)world.run_until(all_done);  // what is still on its way to the peers
  EXPECT_TRUE(all_done());
  const bool overload_possible = ends_early || options.held_bytes_max != UINT64_MAX;
  for (const auto& peer : world.peers()) {
    check(world, *peer, overload_possible, owed);
  }
  faults += world.faults_injected();
  EXPECT_EQ(world.wrong(), "");
  EXPECT_EQ(world.held(), "");
}

class Simulation : public testing::TestWithParam<uint64_t> {};

TEST_P(Simulation, EachRequestIsAnsweredOnceInOrderWholeAndNothingIsLeft) {
  if (const char* only = std::getenv("RINGMAKER_SIMULATION_SEED")) {
    if (GetParam() == 0) {
      uint64_t faults = 0;
      run(std::strtoull(only, nullptr, 10), faults);
    }
    return;
  }
  const auto seeds = seeds_wanted(std::getenv("RINGMAKER_SIMULATION_SEEDS"));
  ASSERT_TRUE(seeds) << "RINGMAKER_SIMULATION_SEEDS is how many seeds to run, a number above 0";
  const SeedRange range = seeds_of(GetParam(), *seeds);
  if (range.begin == range.end) {
    GTEST_SKIP() << "the " << *seeds << " seeds wanted are run by the other tests";
  }
  uint64_t faults = 0;
  for (uint64_t seed = range.begin; seed < range.end; ++seed) {
    run(seed, faults);
    if (HasFailure()) {
      return;  // the first failing seed is the one to replay
    }
  }
  RecordProperty("faults_injected", std::to_string(faults));
  EXPECT_GE(faults, range.end - range.begin);
}

INSTANTIATE_TEST_SUITE_P(Seeds, Simulation, testing::Range<uint64_t>(0, kTests));

TEST(SimulationSeeds, EverySeedWantedIsRunOnce) {
  for (const uint64_t wanted : {1U, 3U, 9U, 10U, 11U, 25U, 1000U}) {
    uint64_t next = 0;
    for (uint64_t test = 0; test < kTests; ++test) {
      const SeedRange range = seeds_of(test, wanted);
      EXPECT_EQ(range.begin, next);
      next = range.end;
    }
    EXPECT_EQ(next, wanted);
  }
}

TEST(SimulationSeeds, NoneAreNeverWanted) {
  for (const char* text : {"", "0", "-5", "many", "10x"}) {
    EXPECT_FALSE(seeds_wanted(text)) << text;
  }
  EXPECT_EQ(seeds_wanted("5"), 5U);
  EXPECT_EQ(seeds_wanted(nullptr), kSeeds);
}

}  // namespace
}  // namespace ringmaker::test
