#!/usr/bin/env bash
# test.sh [--quick]: installs what is missing, builds the dev preset (ASan, UBSan) and runs the tests.
# --quick leaves out the long ones (simulation, contract, the judge of quality).
set -euo pipefail
cd "$(dirname "$0")/.."

labels=()
case "${1:-}" in
  "") ;;
  --quick) labels=(-L '^quick$') ;;
  *) echo "usage: scripts/test.sh [--quick]" >&2; exit 2 ;;
esac

scripts/install_packages.sh build test
cmake --preset dev
cmake --build --preset dev
ctest --preset dev -j "$(nproc)" "${labels[@]}"
# What could not be tested here is said aloud.
grep -A 1 --no-group-separator ': Skipped$' build/dev/Testing/Temporary/LastTest.log || true
