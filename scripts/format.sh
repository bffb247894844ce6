#!/usr/bin/env bash
# format.sh [--check]: lays out every source as .clang-format says; --check changes nothing and fails
# where something would change.
set -euo pipefail
cd "$(dirname "$0")/.."

how=(-i)
case "${1:-}" in
  "") ;;
  --check) how=(--dry-run -Werror) ;;
  *) echo "usage: scripts/format.sh [--check]" >&2; exit 2 ;;
esac
git ls-files -z --cached --others --exclude-standard '*.h' '*.cpp' |
  xargs -0 -r -n 32 -P "$(nproc)" clang-format-19 "${how[@]}"
