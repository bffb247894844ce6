#!/usr/bin/env bash
# coverage.sh: builds with counters, runs every test and prints the covered lines of each file of src/,
# least covered first. The report with the sources lies in build/coverage/report/index.html.
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/install_packages.sh build test coverage
cmake --preset coverage
cmake --build --preset coverage
find build/coverage -name '*.gcda' -delete
ctest --preset coverage -j "$(nproc)"
mkdir -p build/coverage/report
gcovr --root . --filter src/ --object-directory build/coverage --exclude-unreachable-branches \
  --exclude-throw-branches --sort-percentage --txt - --html-details build/coverage/report/index.html
