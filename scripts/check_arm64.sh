#!/usr/bin/env bash
# check_arm64.sh [--product PROGRAM] ROOM...: 64-bit ARM, version 8.2, as qemu emulates it.
# Cross-compiles rooms (such as base, wire, codec and model) with their tests (preset arm64) and runs
# them, so that NEON kernels are compared with their portable twins. With PROGRAM, the product of this
# machine, the whole product is cross-compiled, too: it must train and predict the same, byte for byte,
# and serve.
set -euo pipefail
cd "$(dirname "$0")/.."

here=
if [ "${1:-}" = --product ]; then
  here=${2:?}
  shift 2
fi
rooms=("$@")
[ $# -gt 0 ] || [ -n "$here" ] ||
  { echo "usage: scripts/check_arm64.sh [--product PROGRAM] ROOM..." >&2; exit 2; }
scripts/install_packages.sh build arm64 run
scripts/arm64_system.sh
cmake --preset arm64

emulated() { qemu-aarch64 -L build/arm64_system "$@"; }
if [ $# -gt 0 ]; then
  cmake --build --preset arm64 --target "${rooms[@]/%/_tests}"
fi
for room in "${rooms[@]}"; do
  emulated "build/arm64/tests/${room}_tests" --gtest_brief=1
done
[ -n "$here" ] || exit 0

cmake --build --preset arm64 --target ringmaker
arm() { emulated build/arm64/ringmaker "$@"; }
folder=$(mktemp -d)
server=
cleanup() {
  [ -z "$server" ] || kill "$server" 2>/dev/null || true
  rm -rf "$folder"
}
trap cleanup EXIT
# A model without its header (the checksum) and the time of its making.
essence() { tail -c +65 "$1" | sed 's/"trained_at": "[^"]*"//'; }

for data in iris.csv:species breast_cancer.csv:malignant; do
  file=data/${data%:*} label=${data#*:} model=$folder/${data%.csv*}
  "$here" train --data "$file" --label "$label" --model-dir "$model/here" >/dev/null
  arm train --data "$file" --label "$label" --model-dir "$model/arm" >/dev/null
  cmp <(essence "$model/here/model.ringmaker") <(essence "$model/arm/model.ringmaker")
  "$here" predict --model "$model/here" "$file" > "$model/here.csv"
  arm predict --model "$model/arm" "$file" > "$model/arm.csv"
  cmp "$model/here.csv" "$model/arm.csv"
  echo "$file: $(wc -l < "$model/arm.csv") predictions on ARM, all the same"
done

# qemu has no io_uring: epoll serves.
port=18082
qemu-aarch64 -L build/arm64_system build/arm64/ringmaker serve --model-dir "$folder/iris/arm" --port $port \
  > "$folder/log" 2>&1 &
server=$!
for _ in $(seq 200); do
  curl -fs -o /dev/null "http://127.0.0.1:$port/ping" && break
  sleep 0.1
done
answer=$(curl -fs -H 'Content-Type: text/csv' -d '5.1,3.5,1.4,0.2' "http://127.0.0.1:$port/invocations") ||
  { cat "$folder/log" >&2; exit 1; }
kill -TERM "$server"
wait "$server" || { echo "the server ended with $?" >&2; exit 1; }
server=
echo "one row served on ARM: $answer"
[ "$answer" = "$(head -n 1 "$folder/iris/here.csv")" ] ||
  { echo "predict said $(head -n 1 "$folder/iris/here.csv")" >&2; exit 1; }
