#!/usr/bin/env bash
# quickstart.sh [--once]: from nothing to an answer. Installs packages, builds the release, lays out
# a real data set as SageMaker lays it out, trains, serves, and asks. Then goes on serving; --once
# stops after the answers.
set -euo pipefail
cd "$(dirname "$0")/.."

once=false
case "${1:-}" in
  "") ;;
  --once) once=true ;;
  *) echo "usage: scripts/quickstart.sh [--once]" >&2; exit 2 ;;
esac

say() { printf '\n\033[1m%s\033[0m\n' "$*"; }

say "1. Packages and build"
scripts/install_packages.sh build run
cmake --preset release -DRINGMAKER_TESTS=OFF -DRINGMAKER_BENCH=OFF
cmake --build --preset release --target ringmaker
ringmaker=$PWD/build/release/ringmaker

say "2. A training job, laid out as SageMaker does it"
root=$(mktemp -d)
server=
cleanup() {
  [ -z "$server" ] || { kill -TERM "$server" 2>/dev/null || true; wait "$server" || true; }
  rm -rf "$root"
}
trap cleanup EXIT
mkdir -p "$root/input/config" "$root/input/data/train" "$root/model" "$root/output"
cp data/iris.csv "$root/input/data/train/"
echo '{"predictor_type": "multiclass_classifier", "label": "species"}' > "$root/input/config/hyperparameters.json"
echo '{"train": {"TrainingInputMode": "File", "ContentType": "text/csv"}}' > "$root/input/config/inputdataconfig.json"
(cd "$root" && find . -type f | sort)

say "3. ringmaker train"
SAGEMAKER_BASE_DIR=$root "$ringmaker" train | tail -n 3
ls -l "$root/model"

say "4. ringmaker serve"
port=${SAGEMAKER_BIND_TO_PORT:-8080}
SAGEMAKER_BASE_DIR=$root SAGEMAKER_BIND_TO_PORT=$port "$ringmaker" serve &
server=$!
url=http://127.0.0.1:$port
answered=false
for _ in $(seq 100); do
  # Whoever answers at this port need not be ours: it has ended if somebody else was there first.
  kill -0 "$server" 2>/dev/null || { echo "the server has ended" >&2; exit 1; }
  curl -fs -o /dev/null "$url/ping" && answered=true && break
  sleep 0.05
done
$answered || { echo "nothing answers at $url/ping" >&2; exit 1; }
sleep 0.05
kill -0 "$server" 2>/dev/null || { echo "the server has ended, and somebody else answers at $url" >&2; exit 1; }

# As one would type it: words are quoted where they must be.
ask() {
  local shown='' word
  for word in "$@"; do
    case $word in
      *[!A-Za-z0-9_.,:/=-]*) shown+=" ${word@Q}" ;;
      *) shown+=" $word" ;;
    esac
  done
  printf '\n$ curl%s\n' "$shown"
  curl -s "$@"
}
say "5. Answers"
ask -H 'Content-Type: text/csv' -d '5.1,3.5,1.4,0.2' "$url/invocations"
ask -H 'Content-Type: text/csv' --data-binary $'5.1,3.5,1.4,0.2\n6.3,3.3,6.0,2.5\n' "$url/invocations"
ask -H 'Content-Type: application/json' -d '{"instances":[[5.1,3.5,1.4,0.2],[6.3,3.3,6.0,2.5]]}' "$url/invocations"
echo
ask -H 'Content-Type: text/csv' -d '5.1,three,1.4,0.2' "$url/invocations"

if $once; then
  exit 0
fi
say "Serving at $url until Ctrl-C"
wait "$server"
server=
