#!/usr/bin/env bash
# check_threads.sh ROOM...: the tests of rooms with threads (base telemetry io http batch serve train),
# under ThreadSanitizer (preset tsan), and whole servers at the moments when threads come and go, by the
# contract tests of the dev build.
set -euo pipefail
cd "$(dirname "$0")/.."

rooms=("$@")
[ $# -gt 0 ] || { echo "usage: scripts/check_threads.sh ROOM..." >&2; exit 2; }
cmake --preset tsan
cmake --build --preset tsan --target "${rooms[@]/%/_tests}" ringmaker
export TSAN_OPTIONS=halt_on_error=1
ctest --preset tsan -j "$(nproc)" -R "^($(IFS='|'; echo "${rooms[*]}"))/"
# What counts memory does not count the sanitizer's.
PROGRAM_UNDER_TEST=$PWD/build/tsan/ringmaker build/dev/tests/contract_tests --gtest_brief=1 \
  --gtest_filter='*Shutdown.*:MultiModel.*-MultiModel.TenThousand*:MultiModel.Large*:MultiModel.InvocationsOfOther*'
