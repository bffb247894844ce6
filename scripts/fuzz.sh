#!/usr/bin/env bash
# fuzz.sh NAME SECONDS [--keep]: builds tests/fuzz/NAME_fuzz.cpp with libFuzzer, lets it run at nice 19
# and adds runs, CPU time and findings to the table of docs/fuzzing.md. --keep minimises what was found,
# in this run or before, into tests/fuzz/corpus/NAME. Exit code 1 when something was found.
set -euo pipefail
cd "$(dirname "$0")/.."

usage() {
  echo "usage: scripts/fuzz.sh NAME SECONDS [--keep]; names:" >&2
  for body in tests/fuzz/*_fuzz.cpp; do
    basename "$body" _fuzz.cpp >&2
  done
  exit 2
}
[ $# -eq 2 ] || [ "${3:-}" = --keep ] || usage
name=$1 seconds=$2 keep=${3:-}
if [ ! -f "tests/fuzz/${name}_fuzz.cpp" ] || [[ ! $seconds =~ ^[0-9]+$ ]]; then usage; fi

scripts/install_packages.sh build test fuzz
cmake --preset fuzz >/dev/null
cmake --build --preset fuzz --target "${name}_fuzz"
program=build/fuzz/tests/${name}_fuzz
learnt=build/fuzz-corpus/$name
findings=build/fuzz-findings/$name
seeds=tests/fuzz/corpus/$name
mkdir -p "$learnt" "$findings" "$seeds"
log=$(mktemp)
trap 'rm -f "$log"' EXIT

count_findings() { find "$findings" -type f | wc -l; }

findings_before=$(count_findings)
TIMEFORMAT='cpu: %U %S'
{ time nice -n 19 "$program" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 \
    -artifact_prefix="$findings/" -print_final_stats=1 "$learnt" "$seeds" >"$log" 2>&1; } \
  2>>"$log.cpu" || true
cpu_seconds=$(awk '/^cpu:/ { print $2 + $3 }' "$log.cpu")
rm -f "$log.cpu"
runs=$(awk '/^stat::number_of_executed_units:/ { print $2 }' "$log")
found=$(($(count_findings) - findings_before))
grep -E '^(#[0-9]+.*(DONE|INITED)|==[0-9]+==|SUMMARY)' "$log" | tail -n 4
echo "$name: ${runs:-0} runs, $cpu_seconds CPU seconds, $found findings"

# The body's row grows; a body without one gets it after the last.
awk -v name="$name" -v runs="${runs:-0}" -v hours="$(awk "BEGIN { print $cpu_seconds / 3600 }")" \
    -v found="$found" '
  function row(total_runs, total_hours, total_found) {
    printf "| %s | %d | %.3f | %d |\n", name, total_runs, total_hours, total_found
    written = 1
  }
  /^\| / { in_table = 1 }
  in_table && !/^\|/ { if (!written) row(runs, hours, found); in_table = 0 }
  /^## Findings/ { told = 1 }
  !told && $0 ~ "^\\| " name " \\|" {
    split($0, cell, "|")
    row(cell[3] + runs, cell[4] + hours, cell[5] + found)
    next
  }
  { print }' docs/fuzzing.md > "$log"
cp "$log" docs/fuzzing.md

if [ "$keep" = --keep ]; then
  for finding in "$findings"/*; do
    [ -f "$finding" ] || continue
    kept=$seeds/$(basename "$finding")
    nice -n 19 "$program" -minimize_crash=1 -max_total_time=60 -timeout=10 \
      -exact_artifact_path="$kept" "$finding" >/dev/null 2>&1 || true
    [ -f "$kept" ] || cp "$finding" "$kept"
    rm "$finding"
    echo "kept: $kept"
  done
fi
[ "$found" -eq 0 ]
