#!/usr/bin/env bash
# check.sh: what a reviewer would look at first: layout, the dev build, the quick tests (the house
# rules among them), shell scripts, and clang-tidy on what differs from main.
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/install_packages.sh build test check
scripts/format.sh --check
scripts/test.sh --quick
shellcheck ./*.sh scripts/*.sh examples/*/*.sh .ci/run
scripts/clang_tidy.sh "$(git merge-base HEAD main 2>/dev/null || echo HEAD)"
