// choose_backend WANTED: prints which backend is chosen and moves one byte through it.
#include "io/backend_choice.h"

#include <cstdio>

int main(int argc, char** argv) {
  using namespace ringmaker;  // NOLINT: a program of one page
  auto choice = io::choose_backend(argc > 1 ? argv[1] : "auto");
  if (!choice) {
    std::printf("error: %s\n", choice.error().message().c_str());
    return 3;
  }
  const base::SystemClock clock;
  auto backend = io::make_backend(*choice, clock, {});
  if (!backend) {
    std::printf("error: %s\n", backend.error().message().c_str());
    return 3;
  }
  (*backend)->notify();
  for (const io::Completion& completion : (*backend)->wait(base::kNanosecondsPerSecond)) {
    if (completion.kind == io::CompletionKind::kWoken) {
      std::printf("%s\n", choice->description.c_str());
      return 0;
    }
  }
  std::printf("error: the chosen backend does not work\n");
  return 1;
}
