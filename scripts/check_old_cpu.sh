#!/usr/bin/env bash
# check_old_cpu.sh PROGRAM: the program on a CPU of 2008 (Nehalem: x86-64-v2 and nothing more), which
# qemu emulates, trains the same model and predicts the same numbers as on this one, byte for byte.
set -euo pipefail
cd "$(dirname "$0")/.."

[ $# -eq 1 ] || { echo "usage: scripts/check_old_cpu.sh PROGRAM" >&2; exit 2; }
program=$1
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
