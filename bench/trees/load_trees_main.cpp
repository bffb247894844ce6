// load_trees: how long a model file takes to become a predictor that has scored, and what memory
// that takes.
#include "base/cpu.h"
#include "bench/trees/load_meter.h"
#include "model/model.h"
#include "serve/model_store.h"

#include <malloc.h>

#include <iostream>
#include <utility>

namespace ringmaker {
namespace {

/// As serve has it.
constexpr int kMappedBytesMin = 48 * 1024;

int load(const std::string& path) {
  // NOLINTNEXTLINE(concurrency-mt-unsafe): there is one thread.
  ::mallopt(M_MMAP_THRESHOLD, kMappedBytesMin);
  const bench::LoadMeter meter(path);
  auto model = serve::read_model(path);
  if (!model) {
    std::cerr << model.error().message() << '\n';
    return 1;
  }
  const auto predictor =
      serve::prepare_predictor(std::move(*model), base::detect_instruction_set());
  if (!predictor) {
    std::cerr << predictor.error().message() << '\n';
    return 1;
  }
  std::cout << meter.report((*predictor)->plan()) << '\n';
  return 0;
}

}  // namespace
}  // namespace ringmaker

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: load_trees FILE\n";
    return 2;
  }
  return ringmaker::load(argv[1]);
}
