#!/usr/bin/env bash
# check_old_cpu.sh BUILD_FOLDER [ROOM...]: older CPUs, as qemu emulates them. On one of 2008 (Nehalem:
# x86-64-v2 and nothing more) the program trains the same model and predicts the same numbers as on this
# one, byte for byte. The tests of rooms that are built there pass on it, and on one of 2013 (Haswell:
# x86-64-v3).
set -euo pipefail
cd "$(dirname "$0")/.."

[ $# -ge 1 ] || { echo "usage: scripts/check_old_cpu.sh BUILD_FOLDER [ROOM...]" >&2; exit 2; }
program=$1/ringmaker
tests=$1/tests
shift
[ "$(uname -m)" = x86_64 ] || { echo "not an x86-64 machine: nothing to check"; exit 0; }

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
old_cpu() { qemu-x86_64 -cpu Nehalem "$program" "$@"; }
# A model without its header (the checksum) and the time of its making.
essence() { tail -c +65 "$1" | sed 's/"trained_at": "[^"]*"//'; }

for data in iris.csv:species breast_cancer.csv:malignant; do
  file=data/${data%:*} label=${data#*:}
  "$program" train --data "$file" --label "$label" --model-dir "$folder/here" >/dev/null
  old_cpu train --data "$file" --label "$label" --model-dir "$folder/old" >/dev/null
  cmp <(essence "$folder/here/model.ringmaker") <(essence "$folder/old/model.ringmaker")
  "$program" predict --model "$folder/here" "$file" > "$folder/here.csv"
  old_cpu predict --model "$folder/old" "$file" > "$folder/old.csv"
  cmp "$folder/here.csv" "$folder/old.csv"
  rm -r "$folder/here" "$folder/old"
  echo "$file: $(wc -l < "$folder/old.csv") predictions on an old CPU, all the same"
done

# Debian 12's qemu 7.2 takes a gather whose index stands in register 4 for one without an index. That of
# its backports reads it right; it is unpacked, and not installed.
newer_qemu() {
  local folder=build/qemu
  if [ ! -x "$folder/usr/bin/qemu-x86_64-static" ]; then
    rm -rf "$folder"
    mkdir -p build
    mmdebstrap --quiet --variant=extract --include=qemu-user-static bookworm-backports "$folder" >&2 || return 1
  fi
  echo "$folder/usr/bin/qemu-x86_64-static"
}

[ $# -eq 0 ] || haswell=$(newer_qemu) || {
  haswell=qemu-x86_64
  echo "no qemu from bookworm-backports: on Haswell, kernels that gather may be told wrong" >&2
}
for room in "$@"; do
  echo "$room on Nehalem and on Haswell"
  qemu-x86_64 -cpu Nehalem "$tests/${room}_tests" --gtest_brief=1 &
  older=$!
  "$haswell" -cpu Haswell "$tests/${room}_tests" --gtest_brief=1
  wait "$older"
done
