#!/usr/bin/env bash
# bench.sh [--smoke] [--only SECTION]...: builds the release with its benchmarks and measures the whole
# server beside responders that parse nothing, in interleaved rounds. Replaces the tables of
# docs/benchmarks.md; --smoke only shows that every piece runs, in seconds. Needs two cores, and quiet.
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/install_packages.sh build bench
cmake --preset release -DRINGMAKER_TESTS=OFF -DRINGMAKER_BENCH=ON
cmake --build --preset release
exec python3 bench/latency/suite.py --build build/release --out docs/benchmarks.md "$@"
