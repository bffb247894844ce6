#!/usr/bin/env bash
# clang_tidy.sh [--all | COMMIT [FOLDER...]]: clang-tidy on the sources that differ from COMMIT (HEAD
# unless told), in these folders (all unless told), uncommitted and new ones included. A changed header
# is looked at through the source of its name or else the first that includes it. Needs a configured
# dev preset.
set -euo pipefail
cd "$(dirname "$0")/.."

from=${1:-HEAD}
if [ "$from" != --all ] && ! git rev-parse -q --verify "$from^{commit}" >/dev/null; then
  echo "usage: scripts/clang_tidy.sh [--all | COMMIT [FOLDER...]]" >&2
  exit 2
fi
shift || true
patterns=()
for folder in "${@:-.}"; do
  patterns+=("$folder/*.h" "$folder/*.cpp")
done
patterns=("${patterns[@]#./}")
list_changed() {
  if [ "$from" = --all ]; then
    git ls-files -- "${patterns[@]}"
  else
    git diff --name-only --diff-filter=d "$from" -- "${patterns[@]}"
    git ls-files --others --exclude-standard -- "${patterns[@]}"
  fi
}

source_of_header() {
  local source=${1%.h}.cpp
  if [ -f "$source" ]; then
    echo "$source"
  else
    # None includes it where only other headers do.
    { git grep -lF "#include \"${1#src/}\"" -- '*.cpp' || true; } | sed -n 1p
  fi
}
sources=$(
  list_changed | while IFS= read -r file; do
    case "$file" in
      *.cpp) echo "$file" ;;
      *.h) source_of_header "$file" ;;
    esac
  done | sort -u
)
# What this machine does not build (another instruction set) is not in the compile commands.
sources=$(while IFS= read -r file; do
  grep -qF "\"file\": \"$PWD/$file\"" build/dev/compile_commands.json && echo "$file"
done <<<"$sources" || true)
[ -n "$sources" ] || { echo "clang-tidy: nothing has changed"; exit 0; }

echo "clang-tidy: $(wc -l <<<"$sources") sources"
# It cannot read the precompiled headers of GCC, and need not.
xargs -P "$(nproc)" -n 1 clang-tidy-19 -p build/dev --extra-arg=-Wno-ignored-gch --quiet <<<"$sources" 2>&1 |
  { grep -vE '^[0-9]+ warnings? generated|^Suppressed|^Use -header-filter' || true; }
