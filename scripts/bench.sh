#!/usr/bin/env bash
# bench.sh [--smoke] [--only SECTION]...: builds the release with its benchmarks and measures the whole
# server beside responders that parse nothing, in interleaved rounds. Replaces the tables of
# docs/benchmarks.md. Needs two cores, and quiet. --smoke only shows that all of it runs: the release,
# whole, and its pieces under sanitizers (the dev preset), which take less time to build.
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/install_packages.sh build bench
if [ "${1:-}" = --smoke ]; then
  cmake --preset release -DRINGMAKER_BENCH=ON
  cmake --build --preset release --target ringmaker latency_driver start_probe bare_responder
  cmake --preset dev
  cmake --build --preset dev --target bench/all
  exec python3 bench/latency/suite.py --build build/release --pieces build/dev "$@"
fi
cmake --preset release -DRINGMAKER_TESTS=OFF -DRINGMAKER_BENCH=ON
cmake --build --preset release
exec python3 bench/latency/suite.py --build build/release --out docs/benchmarks.md "$@"
