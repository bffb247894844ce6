#include "cli/command_line.h"

#include <cstdio>

namespace ringmaker::cli {

int run(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: %s train|serve\n", argv[0]);
    return 2;
  }
  return 2;
}

}  // namespace ringmaker::cli
